// constant_pointers – pointers into variables that are constants themselves.
typedef struct { int first; int second; char letters[4]; } Record;

constant int numbers[5] = {10, 20, 30, 40, 50};
constant int* constant starts[3] = {numbers + 3, numbers, numbers + 1};
constant Record record = {1, 2, "abc"};
constant int* constant second = &record.second;
constant char* constant letters[2] = {&record.letters[1], record.letters + 2};
constant char text[] = "level";
constant char* constant tail = text + 2;

kernel void follow(global int* out) {
  int i = get_global_id(0);
  out[i] = starts[i % 3][i % 2] + 100 * *second + 1000 * letters[i & 1][0] + 1000000 * (tail[i & 1] - 'a');
}
