#include "tests/unit/core/registry/sequence_notices.h"

#include "core/registry/state/profiles.h"
#include "core/registry/tables/calendar.h"
#include "gtest/gtest.h"

namespace dataip::testing {
namespace {

using registry::State;

uint32_t DaysBetween(const State& state, const std::string& since,
                     const std::string& last) {
  return registry::WorkingDaysBetween(
      *registry::ParseDate(since), *registry::ParseDate(last), *state.calendar);
}

// By the profile under which the case began.
uint32_t LengthOf(const State& state, const v1::Application& application) {
  const auto* values = registry::ValuesOf(state, application.profile());
  EXPECT_NE(values, nullptr) << application.application_no();
  return values == nullptr ? 0 : values->WorkingDays("publicity").value_or(0);
}

}  // namespace

// The days between opening (or resuming) and the stop, the day of registration
// not counted.
void NoticeWatch::See(const State& before, const Life& life,
                      const std::string& what) {
  const std::string today = life.Today();
  const std::string yesterday =
      registry::FormatDate(registry::AddDays(*registry::ParseDate(today), -1));
  for (const auto& [number, now] : life.state().applications) {
    const auto* was = registry::FindApplication(before, number);
    const bool ran = was != nullptr && was->state() == v1::PUBLICITY;
    const bool runs = now.state() == v1::PUBLICITY;
    const bool registered = now.state() == v1::REGISTERED;
    Notice& notice = notices_[number];
    if (runs && !ran) notice.since = today;
    if (ran && !runs) {
      notice.days += DaysBetween(life.state(), notice.since,
                                 registered ? yesterday : today);
      notice.since.clear();
    }
    const uint32_t length = LengthOf(life.state(), now);
    if (runs) {
      EXPECT_GE(notice.days + DaysBetween(life.state(), notice.since,
                                          now.notice_deadline().due_date()),
                length)
          << what << ": the notice of " << number << " ends too early";
    }
    if (registered && !now.certificate_number().empty()) {
      EXPECT_GE(notice.days, length)
          << what << ": " << number << " was registered too early";
    }
  }
}

}  // namespace dataip::testing
