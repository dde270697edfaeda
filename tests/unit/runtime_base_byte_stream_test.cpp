// runtime_base_byte_stream_test – what is written is read back, and what is not is refused.
#include <gtest/gtest.h>

#include <limits>

#include "runtime/base/byte_stream.h"

namespace metate::base {
namespace {

enum class Colour : uint8_t { kRed, kGreen, kBlue };

std::vector<std::byte> example() {
  ByteWriter out;
  out.number(uint8_t{7});
  out.number(int64_t{-3});
  out.number(-0.5);
  out.number(true);
  out.number(Colour::kBlue);
  out.text("text");
  out.list(std::vector<uint32_t>{1, 2, 3}, [&](uint32_t item) { out.number(item); });
  return out.take();
}

/// True if everything is as `example` wrote it.
bool is_example(ByteReader& in) {
  bool same = in.number<uint8_t>() == 7;
  same &= in.number<int64_t>() == -3;
  same &= in.number<double>() == -0.5;
  same &= in.flag();
  same &= in.enumerator(Colour::kBlue) == Colour::kBlue;
  same &= in.text() == "text";
  std::vector<uint32_t> items;
  in.list([&] { items.push_back(in.number<uint32_t>()); });
  return same && items == std::vector<uint32_t>{1, 2, 3} && in.at_end();
}

TEST(ByteStream, ReadsWhatWasWritten) {
  const std::vector<std::byte> bytes = example();
  ByteReader in(bytes);
  EXPECT_TRUE(is_example(in));
  EXPECT_FALSE(in.failed());
}

TEST(ByteStream, FailsWhereverItIsCutOff) {
  const std::vector<std::byte> bytes = example();
  for (size_t size = 0; size < bytes.size(); ++size) {
    ByteReader in(std::span(bytes).first(size));
    EXPECT_FALSE(is_example(in));
    EXPECT_TRUE(in.failed()) << size;
    EXPECT_FALSE(in.at_end());
    EXPECT_EQ(in.number<int32_t>(), 0);
    EXPECT_TRUE(in.block().empty());
  }
}

TEST(ByteStream, RefusesWhatIsNoEnumerator) {
  ByteWriter out;
  out.number(Colour::kBlue);
  ByteReader in(out.bytes());
  EXPECT_EQ(in.enumerator(Colour::kGreen), Colour::kRed);
  EXPECT_TRUE(in.failed());
}

TEST(ByteStream, RefusesWhatIsNoFlag) {
  ByteWriter out;
  out.number(uint8_t{2});
  ByteReader in(out.bytes());
  EXPECT_FALSE(in.flag());
  EXPECT_TRUE(in.failed());
}

TEST(ByteStream, RefusesLengthsThatAreTooGreat) {
  ByteWriter out;
  out.number(std::numeric_limits<uint64_t>::max());
  ByteReader block(out.bytes()), list(out.bytes());
  EXPECT_TRUE(block.block().empty());
  EXPECT_TRUE(block.failed());
  list.list([] { FAIL(); });
  EXPECT_TRUE(list.failed());
}

}  // namespace
}  // namespace metate::base
