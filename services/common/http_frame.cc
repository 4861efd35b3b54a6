#include "services/common/http_frame.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/base/limits.h"

namespace dataip::services {
namespace {

constexpr int kBadRequest = 400;
constexpr int kLengthRequired = 411;
constexpr int kTooLarge = 413;
constexpr int kHeadTooLarge = 431;
constexpr std::string_view kLineEnd = "\r\n";
constexpr size_t kLengthDigits = 9;

HttpFrame Refused(int code) {
  HttpFrame frame;
  frame.state = HttpFrame::State::kRefused;
  frame.refusal = code;
  return frame;
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; }

bool SameWord(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

std::string_view Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Of a line without its end: tab is the one control character that may stand
// in a value.
bool IsPlain(std::string_view line) {
  return std::none_of(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

std::optional<size_t> ParseLength(std::string_view digits) {
  if (digits.empty() || digits.size() > kLengthDigits) return std::nullopt;
  size_t length = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    length = length * 10 + static_cast<size_t>(c - '0');
  }
  return length;
}

// What has been seen of a head so far.
struct Seen {
  bool is_http_1_1 = false;
  bool has_length = false;
  size_t hosts = 0;
};

// METHOD TARGET VERSION with one space between them. A fragment is nothing
// that a server is sent.
bool TakeRequestLine(std::string_view line, Seen& seen) {
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  if (first == 0 || first == last) return false;
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (target.empty() ||
      target.find_first_of(" \t#") != std::string_view::npos) {
    return false;
  }
  const std::string_view version = line.substr(last + 1);
  seen.is_http_1_1 = version == "HTTP/1.1";
  return seen.is_http_1_1 || version == "HTTP/1.0";
}

// Takes one field line into `frame`; false when `frame` is refused now.
bool TakeField(std::string_view line, Seen& seen, HttpFrame& frame) {
  const size_t colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) {
    frame = Refused(kBadRequest);
    return false;
  }
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = Trimmed(line.substr(colon + 1));
  if (name.find_first_of(" \t") != std::string_view::npos) {
    frame = Refused(kBadRequest);
  } else if (SameWord(name, "transfer-encoding")) {
    frame = Refused(kLengthRequired);
  } else if (SameWord(name, "expect")) {
    frame.awaits_continue = SameWord(value, "100-continue");
  } else if (SameWord(name, "content-length")) {
    const std::optional<size_t> length = ParseLength(value);
    if (seen.has_length || !length.has_value()) {
      frame = Refused(kBadRequest);
    } else if (*length > limits::kHttpRequestBytes) {
      frame = Refused(kTooLarge);
    } else {
      frame.body_bytes = *length;
    }
    seen.has_length = true;
  } else if (SameWord(name, "host")) {
    ++seen.hosts;
  }
  return frame.state != HttpFrame::State::kRefused;
}

}  // namespace

HttpFrame FrameRequest(std::string_view bytes) {
  const std::string_view within = bytes.substr(0, limits::kHttpHeadBytes);
  const size_t blank = within.find("\r\n\r\n");
  if (blank == std::string_view::npos) {
    return bytes.size() >= limits::kHttpHeadBytes ? Refused(kHeadTooLarge)
                                                  : HttpFrame{};
  }
  HttpFrame frame;
  frame.head_bytes = blank + 2 * kLineEnd.size();
  Seen seen;
  bool is_request_line = true;
  std::string_view rest = within.substr(0, blank + kLineEnd.size());
  while (!rest.empty()) {
    const size_t end = rest.find(kLineEnd);
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + kLineEnd.size());
    if (!IsPlain(line)) return Refused(kBadRequest);
    if (!is_request_line) {
      if (!TakeField(line, seen, frame)) return frame;
    } else if (!TakeRequestLine(line, seen)) {
      return Refused(kBadRequest);
    }
    is_request_line = false;
  }
  if (seen.hosts > 1 || (seen.is_http_1_1 && seen.hosts == 0)) {
    return Refused(kBadRequest);
  }
  if (bytes.size() - frame.head_bytes >= frame.body_bytes) {
    frame.state = HttpFrame::State::kWhole;
  }
  return frame;
}

void DropField(std::string_view name, HttpFrame& frame, std::string& bytes) {
  size_t at = bytes.find(kLineEnd) + kLineEnd.size();
  while (at + kLineEnd.size() < frame.head_bytes) {
    const size_t end = bytes.find(kLineEnd, at) + kLineEnd.size();
    const std::string_view line = std::string_view(bytes).substr(at, end - at);
    if (SameWord(line.substr(0, line.find(':')), name)) {
      frame.head_bytes -= line.size();
      bytes.erase(at, line.size());
    } else {
      at = end;
    }
  }
}

}  // namespace dataip::services
