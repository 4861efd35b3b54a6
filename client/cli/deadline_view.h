// Deadlines that explain themselves: which days were counted, which were
// skipped and why.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "client/cli/output.h"
#include "core/registry/tables/calendar.h"
#include "core/registry/values/civil_date.h"
#include "dataip/registry/v1/common.pb.h"

namespace dataip::client {

// Days in a row that are the same for one reason.
struct DaySpan {
  registry::CivilDate first;
  registry::CivilDate last;
  std::string reason;  // in Chinese; empty for ordinary working days

  // "2026-02-15…2026-02-23".
  std::string Text() const;
};

struct CountedDays {
  std::vector<DaySpan> counted;  // make-up days among them, without a reason
  std::vector<DaySpan> skipped;
  std::vector<DaySpan> make_up;
};

// The days after the first up to and with the last.
CountedDays CountDays(const registry::CivilDate& after,
                      const registry::CivilDate& last,
                      const registry::Calendar& calendar);

// Start, length, due day, days counted and skipped, make-up days, and in
// Chinese and English how it came about.
Record DeadlineRecord(const registry::v1::Deadline& deadline,
                      const registry::Calendar& calendar);
// {"deadline", "counted", "skipped", "make_up", "explanation_zh",
// "explanation_en"}.
std::string DeadlineJson(const registry::v1::Deadline& deadline,
                         const registry::Calendar& calendar);

}  // namespace dataip::client
