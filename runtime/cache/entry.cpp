#include "runtime/cache/entry.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "runtime/cache/hash.h"

namespace metate::cache {
namespace {

struct Header {
  char mark[8];
  Hash checksum;
  uint64_t key_size;
  uint64_t content_size;
};
static_assert(sizeof(Header) == 40, "nothing may be left undefined between the fields");

constexpr char kMark[8] = {'M', 'e', 't', 'a', 't', 'e', '0', '1'};
constexpr size_t kChecked = offsetof(Header, key_size);  // from here on

std::optional<Header> checked_header(std::span<const std::byte> file) {
  Header header;
  if (file.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, file.data(), sizeof header);
  if (std::memcmp(header.mark, kMark, sizeof kMark) != 0) return std::nullopt;
  const uint64_t rest = file.size() - sizeof header;
  if (header.key_size > rest || header.content_size != rest - header.key_size) return std::nullopt;
  if (header.checksum != hash(file.subspan(kChecked))) return std::nullopt;
  return header;
}

}  // namespace

Bytes seal(std::span<const std::byte> key, std::span<const std::byte> content) {
  Header header{.mark = {}, .checksum = {}, .key_size = key.size(), .content_size = content.size()};
  std::memcpy(header.mark, kMark, sizeof kMark);
  Bytes file(sizeof header);
  file.reserve(sizeof header + key.size() + content.size());
  file.insert(file.end(), key.begin(), key.end());
  file.insert(file.end(), content.begin(), content.end());
  std::memcpy(file.data(), &header, sizeof header);
  header.checksum = hash(std::span(file).subspan(kChecked));
  std::memcpy(file.data(), &header, sizeof header);
  return file;
}

std::optional<Bytes> unseal(std::span<const std::byte> file, std::span<const std::byte> key) {
  const std::optional<Header> header = checked_header(file);
  if (!header || !std::ranges::equal(file.subspan(sizeof *header, header->key_size), key)) return std::nullopt;
  const auto content = file.subspan(sizeof *header + header->key_size);
  return Bytes(content.begin(), content.end());
}

bool is_whole(std::span<const std::byte> file) { return checked_header(file).has_value(); }

}  // namespace metate::cache
