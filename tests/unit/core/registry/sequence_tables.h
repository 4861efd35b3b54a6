// Tables that come into force in the midst of a random life: calendars of
// later years, later versions of a profile, another profile.
#pragma once

#include <string>

#include "tests/support/registry_life.h"

namespace dataip::testing {

class LaterTables {
 public:
  // Signed by root; `n` makes each another one. The calendar has one year more
  // than the last one, with more days off or a make-up day.
  v1::Command Calendar(Life& life, uint64_t n);
  // A version of the profile with longer or shorter times.
  v1::Command Version(Life& life, const std::string& profile_id, uint64_t n);
  // Adopts what is loaded under that name from the day after tomorrow, or
  // after the last day that was adopted.
  v1::Command Adoption(Life& life, const std::string& profile_id) const;

 private:
  std::string calendar_;
  int last_year_ = 2026;  // of deploy/tables/calendar_cn.csv
};

// A life under this profile: Zhejiang's from the opening, or another one
// adopted at once.
Life LifeUnder(const std::string& profile_id);

}  // namespace dataip::testing
