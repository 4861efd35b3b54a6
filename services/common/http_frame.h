// Where a request ends in the bytes of a connection (RFC 9112). Decided before
// anything of it is parsed, so that a thread is given whole requests only and
// a client that sends slowly holds none.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dataip::services {

struct HttpFrame {
  enum class State { kPartial, kWhole, kRefused };
  State state = State::kPartial;
  size_t head_bytes = 0;  // request line and fields; 0 until they are whole
  size_t body_bytes = 0;  // that Content-Length announces
  bool awaits_continue = false;  // Expect: 100-continue
  int refusal = 0;               // the status code of kRefused
};

// Looks at the first request in `bytes`. Refused, since two readers could
// disagree about their end or meaning: a line end that is not CR LF, a control
// character, a request line that is not three words with one space between
// them, a version but HTTP/1.0 and 1.1, a target with a fragment, two Host
// fields or none of HTTP/1.1, a field line that begins with space or holds one
// before its colon, two Content-Length fields or one that is no number, any
// Transfer-Encoding; and a head over limits::kHttpHeadBytes or a body over
// limits::kHttpRequestBytes. Pure.
HttpFrame FrameRequest(std::string_view bytes);

// Takes the fields of this name, in any case, out of a request that is whole;
// `frame` is that of FrameRequest for `bytes`, and changes with them. Pure.
void DropField(std::string_view name, HttpFrame& frame, std::string& bytes);

}  // namespace dataip::services
