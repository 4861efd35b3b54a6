// Log lines: one JSON object a line on stderr, with time, severity, message
// and fields. Never on stdout. Safe from any thread; a line is written whole.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace dataip::services {

enum class Severity { kInfo, kWarning, kError };

struct LogField {
  std::string_view name;
  std::string value;
};

void Log(Severity severity, std::string_view message,
         std::initializer_list<LogField> fields = {});

// Logs and ends the process with abort(): for what must never be survived,
// such as a failed sync.
[[noreturn]] void Fatal(std::string_view message,
                        std::initializer_list<LogField> fields = {});

// 16 lowercase hex digits, unique with high probability.
std::string NewRequestId();

}  // namespace dataip::services
