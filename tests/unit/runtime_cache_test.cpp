// runtime_cache_test – the store finds what was put, and nothing else: damaged, foreign, evicted, half written.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

#include "runtime/cache/entry.h"
#include "runtime/cache/hash.h"
#include "runtime/cache/settings.h"
#include "runtime/cache/store.h"

namespace metate::cache {
namespace {

namespace fs = std::filesystem;

Bytes bytes(std::string_view text) {
  const auto all = std::as_bytes(std::span(text));
  return {all.begin(), all.end()};
}

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    std::string pattern = (fs::temp_directory_path() / "metate-cache-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
  }
  ~StoreTest() override { fs::remove_all(root_); }

  fs::path folder() const { return root_ / "made" / "cache"; }
  std::unique_ptr<Store> open(uint64_t limit = Store::kDefaultLimit) const {
    base::Result<std::unique_ptr<Store>> store = Store::open(folder().string(), limit);
    EXPECT_TRUE(store) << store.error().message;
    return std::move(*store);
  }
  fs::path file_of(std::string_view key) const { return folder() / (to_hex(hash(bytes(key))) + ".entry"); }

  fs::path root_;
};

TEST(Entry, EveryCutAndEveryFlippedBitIsNoticed) {
  const Bytes key = bytes("the key"), content = bytes("some content of the entry");
  const Bytes file = seal(key, content);
  ASSERT_EQ(unseal(file, key), content);
  EXPECT_EQ(unseal(file, bytes("the kex")), std::nullopt);
  for (size_t size = 0; size < file.size(); ++size)
    EXPECT_EQ(unseal(std::span(file).first(size), key), std::nullopt) << size;
  for (size_t bit = 0; bit < file.size() * 8; ++bit) {
    Bytes flipped = file;
    flipped[bit / 8] ^= std::byte(1 << bit % 8);
    EXPECT_EQ(unseal(flipped, key), std::nullopt) << bit;
    EXPECT_FALSE(is_whole(flipped)) << bit;
  }
  Bytes longer = file;
  longer.push_back(std::byte(0));
  EXPECT_EQ(unseal(longer, key), std::nullopt);
}

TEST(Entry, MayBeEmpty) { EXPECT_EQ(unseal(seal({}, {}), {}), Bytes()); }

TEST_F(StoreTest, FindsWhatWasPutInAFolderForItsOwnerAlone) {
  std::unique_ptr<Store> store = open();
  EXPECT_EQ(store->find(bytes("k")), std::nullopt);
  ASSERT_TRUE(store->put(bytes("k"), bytes("content")));
  EXPECT_EQ(store->find(bytes("k")), bytes("content"));
  EXPECT_EQ(open()->find(bytes("k")), bytes("content"));
  EXPECT_EQ(fs::status(folder()).permissions(), fs::perms::owner_all);
  EXPECT_EQ(fs::status(file_of("k")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(store->info().entries, 1u);
  EXPECT_EQ(store->info().bytes, fs::file_size(file_of("k")));
}

TEST_F(StoreTest, AnEntryUnderAnotherKeysNameIsAMiss) {
  std::unique_ptr<Store> store = open();
  ASSERT_TRUE(store->put(bytes("a"), bytes("content of a")));
  fs::copy(file_of("a"), file_of("b"));
  EXPECT_EQ(store->find(bytes("b")), std::nullopt);
}

TEST_F(StoreTest, LinksFoldersAndFilesThatOthersMayWriteToAreMisses) {
  std::unique_ptr<Store> store = open();
  ASSERT_TRUE(store->put(bytes("a"), bytes("content")));
  fs::rename(file_of("a"), root_ / "elsewhere");
  fs::create_symlink(root_ / "elsewhere", file_of("a"));
  EXPECT_EQ(store->find(bytes("a")), std::nullopt);
  fs::remove(file_of("a"));
  fs::create_directory(file_of("a"));
  EXPECT_EQ(store->find(bytes("a")), std::nullopt);
  fs::remove(file_of("a"));
  ASSERT_EQ(mkfifo(file_of("a").c_str(), 0600), 0);
  EXPECT_EQ(store->find(bytes("a")), std::nullopt);
  fs::remove(file_of("a"));
  fs::rename(root_ / "elsewhere", file_of("a"));
  EXPECT_EQ(store->find(bytes("a")), bytes("content"));
  fs::permissions(file_of("a"), fs::perms::others_write, fs::perm_options::add);
  EXPECT_EQ(store->find(bytes("a")), std::nullopt);
}

TEST_F(StoreTest, FilesOfAnotherUserAreMisses) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  std::unique_ptr<Store> store = open();
  ASSERT_TRUE(store->put(bytes("a"), bytes("content")));
  ASSERT_EQ(chown(file_of("a").c_str(), 12345, 12345), 0);
  EXPECT_EQ(store->find(bytes("a")), std::nullopt);
  ASSERT_EQ(chown(folder().c_str(), 12345, 12345), 0);
  EXPECT_FALSE(Store::open(folder().string()));
}

TEST_F(StoreTest, RefusesFoldersThatCannotBeTrustedOrMade) {
  fs::create_directories(folder());
  fs::permissions(folder(), fs::perms::others_write, fs::perm_options::add);
  EXPECT_FALSE(Store::open(folder().string()));
  fs::create_directory_symlink(root_, root_ / "link");
  EXPECT_FALSE(Store::open((root_ / "link").string()));
  std::ofstream(root_ / "file") << "text";
  EXPECT_FALSE(Store::open((root_ / "file").string()));
  EXPECT_FALSE(Store::open((root_ / "file" / "below").string()));
  EXPECT_FALSE(Store::open("/dev/full/cache"));
  EXPECT_FALSE(Store::open(""));
}

TEST_F(StoreTest, AFailedWriteIsAnErrorThatLeavesNothing) {
  std::unique_ptr<Store> store = open();
  const struct rlimit small{100, RLIM_INFINITY};
  struct rlimit old;
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
  signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);  // as on a full disk: the first bytes are written
  base::Status status = store->put(bytes("a"), Bytes(1000));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
  EXPECT_FALSE(status);
  EXPECT_EQ(store->find(bytes("a")), std::nullopt);
  EXPECT_TRUE(fs::is_empty(folder()));
}

TEST_F(StoreTest, LetsTheLeastRecentlyUsedGo) {
  std::unique_ptr<Store> store = open(5000);
  for (std::string key : {"a", "b", "c", "d"}) {
    ASSERT_TRUE(store->put(bytes(key), Bytes(1000)));
    fs::last_write_time(file_of(key), fs::file_time_type::clock::now() - std::chrono::hours('e' - key[0]));
  }
  EXPECT_TRUE(store->find(bytes("a")));  // used now
  ASSERT_TRUE(store->put(bytes("e"), Bytes(1000)));
  EXPECT_TRUE(store->find(bytes("a")));
  EXPECT_FALSE(store->find(bytes("b")));
  EXPECT_TRUE(store->find(bytes("d")));
  EXPECT_TRUE(store->find(bytes("e")));
  EXPECT_LE(store->info().bytes, 5000u);
  ASSERT_TRUE(store->put(bytes("f"), Bytes(10000)));  // more than there may be at all
  EXPECT_FALSE(store->find(bytes("f")));
  EXPECT_TRUE(store->find(bytes("a")));
}

TEST_F(StoreTest, RemovesWhatKilledProcessesHaveLeft) {
  std::unique_ptr<Store> store = open(5000);
  for (std::string name : {"old.tmp", "old.lock", "new.tmp", "new.lock", "old.txt"}) {
    std::ofstream(folder() / name) << "text";
    if (name.starts_with("old"))
      fs::last_write_time(folder() / name, fs::file_time_type::clock::now() - std::chrono::hours(2));
  }
  ASSERT_TRUE(store->put(bytes("a"), Bytes(1000)));
  EXPECT_FALSE(fs::exists(folder() / "old.tmp"));
  EXPECT_FALSE(fs::exists(folder() / "old.lock"));
  for (std::string name : {"new.tmp", "new.lock", "old.txt"}) EXPECT_TRUE(fs::exists(folder() / name)) << name;
}

TEST(Settings, SizesAreDigitsWithAUnit) {
  for (auto [text, size] : {std::pair("0", uint64_t{0}),
                            {"4096", 4096},
                            {"3K", 3 << 10},
                            {"5m", 5 << 20},
                            {"2G", uint64_t{2} << 30},
                            {"1T", uint64_t{1} << 40}}) {
    base::Result<uint64_t> read = parse_size(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, size) << text;
  }
  for (const char* text : {"", "K", "-1", "+1", " 1", "1 ", "1.5G", "1KB", "0x10", "18446744073709551616", "16777216T"})
    EXPECT_FALSE(parse_size(text)) << text;
}

TEST_F(StoreTest, VerifyRemovesDamagedEntriesAndClearAll) {
  std::unique_ptr<Store> store = open();
  for (std::string key : {"a", "b"}) ASSERT_TRUE(store->put(bytes(key), bytes("content")));
  fs::resize_file(file_of("a"), 50);
  std::ofstream(folder() / "somebody's notes") << "text";
  StoreInfo info = store->verify();
  EXPECT_EQ(info.damaged, 1u);
  EXPECT_EQ(info.entries, 1u);
  EXPECT_FALSE(fs::exists(file_of("a")));
  EXPECT_EQ(store->clear().entries, 1u);
  EXPECT_EQ(store->info().entries, 0u);
  EXPECT_TRUE(fs::exists(folder() / "somebody's notes"));
}

TEST_F(StoreTest, OneAtATimeHoldsAClaim) {
  std::unique_ptr<Store> store = open(), other = open();
  {
    Claim first = store->claim(bytes("a"));
    ASSERT_TRUE(first.is_held());
    EXPECT_TRUE(other->claim(bytes("a")).is_busy());
    EXPECT_FALSE(other->claim(bytes("a")).is_held());
    EXPECT_TRUE(other->claim(bytes("b")).is_held());
  }
  EXPECT_TRUE(other->claim(bytes("a")).is_held());
  EXPECT_TRUE(fs::is_empty(folder()));
}

TEST_F(StoreTest, AProcessThatIsKilledHoldsNothing) {
  std::unique_ptr<Store> store = open();
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    Claim claim = store->claim(bytes("a"));
    if (write(ready[1], "x", 1) == 1) pause();
    _exit(1);
  }
  char got;
  ASSERT_EQ(read(ready[0], &got, 1), 1);
  EXPECT_TRUE(store->claim(bytes("a")).is_busy());
  kill(child, SIGKILL);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(store->claim(bytes("a")).is_held());
}

// A child writes the same entries over and over and is killed at instants of no order: a reader finds whole entries or
// none, and never another's content.
TEST_F(StoreTest, KilledAtAnyInstantLosesNothingElse) {
  std::unique_ptr<Store> store = open();
  const Bytes content(20000, std::byte(7));
  ASSERT_TRUE(store->put(bytes("kept"), content));
  for (int round = 0; round < 1000; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      while (true) (void)store->put(bytes("again"), content);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(round * 37 % 600));
    kill(child, SIGKILL);
    ASSERT_EQ(waitpid(child, nullptr, 0), child);
    ASSERT_EQ(store->find(bytes("kept")), content);
    std::optional<Bytes> again = store->find(bytes("again"));
    ASSERT_TRUE(!again || *again == content);
  }
  EXPECT_EQ(store->verify().damaged, 0u);
}

}  // namespace
}  // namespace metate::cache
