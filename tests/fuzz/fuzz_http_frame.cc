// The end of a request: found within the bytes, and where the request without
// what follows it has its own; also when a field has been taken out.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/base/limits.h"
#include "services/common/http_frame.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using dataip::services::FrameRequest;
  using dataip::services::HttpFrame;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const HttpFrame frame = FrameRequest(text);
  if (frame.state == HttpFrame::State::kRefused && frame.refusal < 400) {
    std::abort();
  }
  if (frame.state != HttpFrame::State::kWhole) return 0;
  const size_t end = frame.head_bytes + frame.body_bytes;
  if (end > size || frame.body_bytes > dataip::limits::kHttpRequestBytes ||
      frame.head_bytes > dataip::limits::kHttpHeadBytes) {
    std::abort();
  }
  const HttpFrame again = FrameRequest(text.substr(0, end));
  if (again.state != HttpFrame::State::kWhole ||
      again.head_bytes != frame.head_bytes) {
    std::abort();
  }
  std::string fewer(text);
  HttpFrame dropped = frame;
  dataip::services::DropField("range", dropped, fewer);
  const HttpFrame found = FrameRequest(fewer);
  if (found.state != HttpFrame::State::kWhole ||
      found.head_bytes != dropped.head_bytes ||
      found.body_bytes != dropped.body_bytes ||
      size - fewer.size() != frame.head_bytes - dropped.head_bytes) {
    std::abort();
  }
  return 0;
}
