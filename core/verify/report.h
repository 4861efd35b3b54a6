// What a check of a bundle found, step by step.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dataip::verify {

enum class Verdict { kOk, kFailed, kNotMade };

// "OK", "FAILED" or "NOT_MADE".
absl::string_view VerdictName(Verdict verdict);

// The numbers are the exit codes of `dataip verify`.
enum class Conclusion {
  kInForce = 0,        // genuine and in force
  kNotGenuine = 20,    // a check was made and failed
  kNotInForce = 21,    // genuine, but not in force or not as required
  kCannotDecide = 22,  // a check could not be made
  kStale = 23,         // genuine, but the status is too old
};

// "IN_FORCE", "NOT_GENUINE", "NOT_IN_FORCE", "CANNOT_DECIDE" or "STALE".
absl::string_view ConclusionName(Conclusion conclusion);
inline int ExitCode(Conclusion conclusion) {
  return static_cast<int>(conclusion);
}

// One line of a report: a step of formats.md 8 (1 to 9).
struct Step {
  int number = 0;
  std::string claim_zh;
  std::string claim_en;
  Verdict verdict = Verdict::kNotMade;
  // Key, root or digest that the claim hangs on; may be empty.
  std::string anchor;
  // Why it is so; the remedy when it failed.
  std::string explanation_zh;
  std::string explanation_en;
  // The command that repeats it with stock tools in the folder that
  // `dataip bundle unpack` writes.
  std::string command;
};

struct Report {
  Conclusion conclusion = Conclusion::kCannotDecide;
  std::string conclusion_zh;
  std::string conclusion_en;
  std::vector<Step> steps;  // ascending by number, at least one

  // From the bundle; believed only as far as the steps say. Empty when the
  // bundle could not be read so far.
  std::string origin;
  std::string certificate_number;
  std::string registration_number;
  std::string application_no;
  std::string name;
  std::vector<std::string> holders;
  std::string valid_from;
  std::string valid_to;
  std::string state;                        // e.g. "VALID"
  std::string replaced_by;                  // successor's number, REPLACED only
  std::string replaces;                     // number of the one before it
  std::vector<std::string> legacy_numbers;  // in older systems
  std::vector<std::string> overlays;        // e.g. "PLEDGE 1", "LICENCE"
  bool demonstration = false;
  bool witnessed = false;
  uint64_t issue_index = 0;
  uint64_t size = 0;          // of the checkpoint
  int64_t issued_at_ms = 0;   // entry time of the issue header
  int64_t seal_time_ms = 0;   // the status is true as of this
  int64_t checked_at_ms = 0;  // the instant asked for
};

// For a terminal: the certificate, what stands now (state, overlays, the sheets
// before and after it, older numbers), one line a step, Chinese and English,
// then the conclusion.
std::string FormatReport(const Report& report);

// One JSON object with the field names of Report, numbers as numbers, ended
// by LF.
std::string FormatReportJson(const Report& report);

// "2024-07-05T10:00:00+08:00" (Asia/Shanghai).
std::string FormatInstant(int64_t unix_ms);
// "2024-07-05" (Asia/Shanghai).
std::string FormatDay(int64_t unix_ms);

}  // namespace dataip::verify
