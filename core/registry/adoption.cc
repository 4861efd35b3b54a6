// A loaded profile comes into force on a later day (rules 2.4).
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/rules.h"
#include "core/registry/state/case.h"
#include "core/registry/tables/loaded_table.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {
namespace {

Refusal Wrong(absl::string_view field, std::string zh, std::string en) {
  return Refuse(rpc::v1::INVALID_FIELD,
                {absl::StrCat("adopt_profile.", field), "PROFILE",
                 std::move(zh), std::move(en), "ARCHITECTURE"});
}

// It is the table of that name as it was last loaded.
MaybeRefusal CheckLoaded(const State& state, const v1::ProfileRef& profile) {
  const auto table = state.tables.find(
      absl::StrCat(kProfileTablePrefix, profile.profile_id()));
  const bool loaded = IsProfileId(profile.profile_id()) &&
                      table != state.tables.end() &&
                      table->second.sha256.text() == profile.sha256() &&
                      state.profiles.count(profile.sha256()) > 0;
  if (loaded) return std::nullopt;
  return Wrong(
      "profile",
      absl::StrCat("规则“", profile.profile_id(),
                   "”的此版本未载入，请先载入规则表"),
      absl::StrCat("this version of the profile `", profile.profile_id(),
                   "` is not the loaded table; load it first"));
}

MaybeRefusal CheckDay(const Case& a_case, const std::string& text) {
  const std::optional<CivilDate> day = ParseDate(text);
  if (!day || !(a_case.today() < *day)) {
    return Wrong("effective_from",
                 "生效日期应为晚于今天的日期(YYYY-MM-DD)，请修改",
                 "the first day is a date (YYYY-MM-DD) after today; change it");
  }
  const auto& adoptions = a_case.state.adoptions;
  if (!adoptions.empty() && !(adoptions.back().effective_from < *day)) {
    const std::string last = FormatDate(adoptions.back().effective_from);
    return Wrong(
        "effective_from",
        absl::StrCat("生效日期应晚于已公布的生效日期 ", last, "，请修改"),
        absl::StrCat("the first day lies after the last one adopted, ", last,
                     "; change it"));
  }
  return std::nullopt;
}

}  // namespace

Decision DecideAdoptProfile(const Case& a_case) {
  RETURN_IF_REFUSED(CheckVersion(a_case, 0));
  const v1::AdoptProfile& body = a_case.command.adopt_profile();
  RETURN_IF_REFUSED(CheckLoaded(a_case.state, body.profile()));
  RETURN_IF_REFUSED(CheckDay(a_case, body.effective_from()));
  RETURN_IF_REFUSED(CheckReason("adopt_profile.legal_basis", body.legal_basis(),
                                limits::kReasonLeastCharacters,
                                limits::kReasonCharacters));
  const v1::ProfileRef& last = a_case.state.adoptions.back().profile;
  if (last.profile_id() == body.profile().profile_id() &&
      last.sha256() == body.profile().sha256()) {
    return Refuse(rpc::v1::ALREADY_EXISTS,
                  {"adopt_profile.profile", "PROFILE",
                   "最近一次启用的就是此版本规则，无须再次启用",
                   "this version is the last one adopted already", ""});
  }
  Events events(1);
  *events[0].mutable_profile_adopted()->mutable_adoption() = body;
  return events;
}

}  // namespace dataip::registry
