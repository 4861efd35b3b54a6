#include "tests/unit/core/registry/sequence_tables.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "core/registry/values/civil_date.h"
#include "gtest/gtest.h"

namespace dataip::testing {
namespace {

v1::Command LoadTable(Life& life, const std::string& name,
                      const std::string& content) {
  const auto& tables = life.state().tables;
  const auto loaded = tables.find(name);
  v1::Command command = life.world().NewCommand(
      "root", loaded == tables.end() ? 0 : loaded->second.version);
  command.mutable_load_table()->set_name(name);
  command.mutable_load_table()->set_content(content);
  return command;
}

std::string TableName(const std::string& profile_id) {
  return absl::StrCat("profiles/", profile_id);
}

// The number of a line `key,number,...` becomes another.
void SetNumber(const std::string& key, uint64_t number, std::string& csv) {
  const std::string line = absl::StrCat("\n", key, ",");
  const size_t at = csv.find(line);
  ASSERT_NE(at, std::string::npos) << key;
  const size_t begin = at + line.size();
  csv.replace(begin, csv.find(',', begin) - begin, absl::StrCat(number));
}

}  // namespace

v1::Command LaterTables::Calendar(Life& life, uint64_t n) {
  if (calendar_.empty()) {
    calendar_ = ReadSourceFile("deploy/tables/calendar_cn.csv");
  }
  const int year = ++last_year_;
  absl::StrAppend(&calendar_, year, "-01-01,off,元旦\n");
  for (uint64_t day = 0; day < n % 6; ++day) {
    absl::StrAppend(&calendar_, year, "-01-0", day + 2, ",off,元旦\n");
  }
  // Weekends that are worked bring a due day forward: they must not.
  if (n % 2 == 0) {
    for (int day = 8; day < 22; ++day) {
      const registry::CivilDate date{year, 1, day};
      if (registry::Weekday(date) < 6) continue;
      absl::StrAppend(&calendar_, registry::FormatDate(date), ",work,元旦\n");
    }
  }
  return LoadTable(life, "calendars/cn", calendar_);
}

v1::Command LaterTables::Version(Life& life, const std::string& profile_id,
                                 uint64_t n) {
  std::string csv = ReadSourceFile(
      absl::StrCat("deploy/tables/profile_", profile_id, ".csv"));
  SetNumber("publicity", 5 + n % 11, csv);
  SetNumber("review.total", 10 + n % 13, csv);
  SetNumber("correction.window", 5 + n % 7, csv);
  SetNumber("objection.reply", 5 + n % 5, csv);
  SetNumber("objection.forward", 1 + n % 4, csv);
  return LoadTable(life, TableName(profile_id), csv);
}

v1::Command LaterTables::Adoption(Life& life,
                                  const std::string& profile_id) const {
  v1::Command command = life.world().NewCommand("root", 0);
  v1::AdoptProfile* body = command.mutable_adopt_profile();
  body->mutable_profile()->set_profile_id(profile_id);
  const auto loaded = life.state().tables.find(TableName(profile_id));
  if (loaded != life.state().tables.end()) {
    body->mutable_profile()->set_sha256(
        std::string(loaded->second.sha256.text()));
  }
  registry::CivilDate day = *registry::ParseDate(life.Today());
  if (!life.state().adoptions.empty()) {
    day = std::max(day, life.state().adoptions.back().effective_from);
  }
  body->set_effective_from(registry::FormatDate(registry::AddDays(day, 2)));
  body->set_legal_basis("示例省数据知识产权登记办法修订");
  return command;
}

Life LifeUnder(const std::string& profile_id) {
  Life life;
  if (profile_id == "ZJ-2023") return life;
  const std::string csv = ReadSourceFile(
      absl::StrCat("deploy/tables/profile_", profile_id, ".csv"));
  life.world().Do(LoadTable(life, TableName(profile_id), csv), {"root"});
  const v1::Command adoption = LaterTables().Adoption(life, profile_id);
  life.world().Do(adoption, {"root"});
  life.GoTo(adoption.adopt_profile().effective_from());
  return life;
}

}  // namespace dataip::testing
