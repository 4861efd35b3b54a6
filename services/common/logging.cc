#include "services/common/logging.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "core/base/hex.h"
#include "core/base/text.h"
#include "core/crypto/random.h"

namespace dataip::services {
namespace {

void AppendJsonString(std::string_view text, std::string& out) {
  const bool readable = base::ValidUtf8({text.data(), text.size()});
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      std::array<char, 8> escape;
      std::snprintf(escape.data(), escape.size(), "\\u%04x", byte);
      out += escape.data();
    } else if (byte >= 0x80 && !readable) {
      out += '?';
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string Now() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(
          now.time_since_epoch())
          .count() %
      1000;
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text;
  const size_t length =
      std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text.data() + length, text.size() - length, ".%03dZ",
                static_cast<int>(milliseconds));
  return text.data();
}

std::string_view NameOf(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "error";
}

}  // namespace

void Log(Severity severity, std::string_view message,
         std::initializer_list<LogField> fields) {
  std::string line = "{\"time\":\"" + Now() + "\",\"severity\":\"";
  line += NameOf(severity);
  line += "\",\"message\":";
  AppendJsonString(message, line);
  for (const LogField& field : fields) {
    line += ',';
    AppendJsonString(field.name, line);
    line += ':';
    AppendJsonString(field.value, line);
  }
  line += "}\n";
  // One call a line, so that lines of several threads do not mix.
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = write(STDERR_FILENO, rest.data(), rest.size());
    if (written <= 0) return;
    rest.remove_prefix(static_cast<size_t>(written));
  }
}

void Fatal(std::string_view message, std::initializer_list<LogField> fields) {
  Log(Severity::kError, message, fields);
  std::abort();
}

std::string NewRequestId() {
  std::array<uint8_t, 8> bytes;
  crypto::FillRandom(bytes);
  return base::HexEncode(bytes);
}

}  // namespace dataip::services
