/* launch.c - launches the kernel of terrain.spv through Level Zero, without Metate.

       cc launch.c -lze_loader -o launch
       ./launch terrain.spv KERNEL heights.raw 344 403

   KERNEL is the name that terrain.json gives; what is set on the kernel stands there too. On a machine without a device
   of its own, ZE_ENABLE_ALT_DRIVERS=…/metate/libmetate.so brings Metate's software driver. */
#include <level_zero/ze_api.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(ze_result_t result, const char *what) {
  if (result == ZE_RESULT_SUCCESS) return;
  fprintf(stderr, "launch: %s gives 0x%x\n", what, (unsigned)result);
  exit(1);
}
#define CHECK(call) check(call, #call)

static void *read_file(const char *name, size_t *size) {
  FILE *file = fopen(name, "rb");
  void *data;
  if (!file) check(ZE_RESULT_ERROR_UNKNOWN, name);
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  data = malloc(*size);
  if (!data || fread(data, 1, *size, file) != *size) check(ZE_RESULT_ERROR_UNKNOWN, name);
  fclose(file);
  return data;
}

static void *shared(ze_context_handle_t context, ze_device_handle_t device, size_t size) {
  ze_device_mem_alloc_desc_t on_device = {ZE_STRUCTURE_TYPE_DEVICE_MEM_ALLOC_DESC, NULL, 0, 0};
  ze_host_mem_alloc_desc_t on_host = {ZE_STRUCTURE_TYPE_HOST_MEM_ALLOC_DESC, NULL, 0};
  void *memory = NULL;
  CHECK(zeMemAllocShared(context, &on_device, &on_host, size, 64, device, &memory));
  return memory;
}

int main(int count, char **words) {
  uint32_t one = 1;
  ze_driver_handle_t driver;
  ze_device_handle_t device;
  ze_context_handle_t context;
  ze_context_desc_t context_desc = {ZE_STRUCTURE_TYPE_CONTEXT_DESC, NULL, 0};
  if (count != 6) {
    fprintf(stderr, "launch: give the SPIR-V, the kernel's name, the file of heights, rows and columns\n");
    return 1;
  }
  CHECK(zeInit(0));
  CHECK(zeDriverGet(&one, &driver));
  CHECK(zeDeviceGet(driver, &one, &device));
  CHECK(zeContextCreate(driver, &context_desc, &context));

  /* 1. The module and its kernel. */
  ze_module_desc_t module_desc = {ZE_STRUCTURE_TYPE_MODULE_DESC, NULL, ZE_MODULE_FORMAT_IL_SPIRV, 0, NULL, NULL, NULL};
  ze_kernel_desc_t kernel_desc = {ZE_STRUCTURE_TYPE_KERNEL_DESC, NULL, 0, words[2]};
  ze_module_handle_t module;
  ze_kernel_handle_t kernel;
  void *spirv = read_file(words[1], &module_desc.inputSize);
  module_desc.pInputModule = spirv;
  CHECK(zeModuleCreate(context, device, &module_desc, &module, NULL));
  CHECK(zeKernelCreate(module, &kernel_desc, &kernel));

  /* 2. Memory that host and device share. */
  int64_t rows = atoi(words[4]), columns = atoi(words[5]), i;
  size_t bytes, expected = (size_t)(rows * columns) * sizeof(float);
  float *file = read_file(words[3], &bytes);
  if (bytes != expected) check(ZE_RESULT_ERROR_INVALID_SIZE, words[3]);
  float *heights = shared(context, device, bytes), *out = shared(context, device, bytes);
  uint32_t *errors = shared(context, device, 4160);
  memcpy(heights, file, bytes);
  memset(errors, 0, 4160);
  errors[0] = 0xffffffff;

  /* 3. The arguments, in the order of terrain.json: address and extents of both arrays, then the errors. */
  CHECK(zeKernelSetArgumentValue(kernel, 0, sizeof heights, &heights));
  CHECK(zeKernelSetArgumentValue(kernel, 1, sizeof rows, &rows));
  CHECK(zeKernelSetArgumentValue(kernel, 2, sizeof columns, &columns));
  CHECK(zeKernelSetArgumentValue(kernel, 3, sizeof out, &out));
  CHECK(zeKernelSetArgumentValue(kernel, 4, sizeof rows, &rows));
  CHECK(zeKernelSetArgumentValue(kernel, 5, sizeof columns, &columns));
  CHECK(zeKernelSetArgumentValue(kernel, 6, sizeof errors, &errors));

  /* 4. One work-item for each cell. Groups have to divide their number. */
  ze_command_queue_desc_t queue = {ZE_STRUCTURE_TYPE_COMMAND_QUEUE_DESC, NULL, 0, 0, 0, ZE_COMMAND_QUEUE_MODE_SYNCHRONOUS,
                                   ZE_COMMAND_QUEUE_PRIORITY_NORMAL};
  ze_command_list_handle_t list;
  uint32_t width, height, depth;
  CHECK(zeKernelSuggestGroupSize(kernel, (uint32_t)(rows * columns), 1, 1, &width, &height, &depth));
  CHECK(zeKernelSetGroupSize(kernel, width, height, depth));
  ze_group_count_t groups = {(uint32_t)(rows * columns) / width, 1, 1};
  CHECK(zeCommandListCreateImmediate(context, device, &queue, &list));
  CHECK(zeCommandListAppendLaunchKernel(list, kernel, &groups, NULL, 0, NULL));

  if (errors[0] != 0xffffffff) {
    fprintf(stderr, "launch: work-item %u has raised an exception\n", errors[0]);
    return 1;
  }
  double sum = 0;
  for (i = 0; i < rows * columns; i++) sum += out[i];
  printf("mean height: %.6f, first cell: %.6f\n", sum / (double)(rows * columns), out[0]);

  zeMemFree(context, errors);
  zeMemFree(context, out);
  zeMemFree(context, heights);
  zeCommandListDestroy(list);
  zeKernelDestroy(kernel);
  zeModuleDestroy(module);
  zeContextDestroy(context);
  free(file);
  free(spirv);
  return 0;
}
