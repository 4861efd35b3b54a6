#include "core/registry/party/attorneys.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace dataip::registry {
namespace {

// A power over one sheet is one over its registration, whichever number names
// it and whatever sheet there is now.
bool IsSame(const State& state, absl::string_view listed,
            absl::string_view object) {
  if (listed == object) return true;
  const v1::Certificate* one = FindCertificate(state, listed);
  const v1::Certificate* other = FindCertificate(state, object);
  if (one == nullptr || other == nullptr) return false;
  const std::string& number = one->content().registration_number();
  return one == other ||
         (!number.empty() && number == other->content().registration_number());
}

bool Covers(const State& state, const v1::PowerOfAttorney& power,
            const Acting& acting, const std::string& day) {
  if (day < power.valid_from() || power.valid_to() < day) return false;
  if (!power.revoked_on().empty() && power.revoked_on() <= day) return false;
  if (std::find(power.acts().begin(), power.acts().end(), acting.act) ==
      power.acts().end()) {
    return false;
  }
  return power.objects().empty() ||
         std::any_of(power.objects().begin(), power.objects().end(),
                     [&](const std::string& listed) {
                       return IsSame(state, listed, acting.object);
                     });
}

const std::vector<std::string>* PowersBetween(const State& state,
                                              const Acting& acting) {
  const auto found = state.attorneys_between.find(
      {std::string(acting.principal), std::string(acting.actor)});
  return found == state.attorneys_between.end() ? nullptr : &found->second;
}

}  // namespace

bool IsApplicant(const v1::ApplicationForm& form, absl::string_view party) {
  const auto& applicants = form.applicants();
  return std::any_of(
      applicants.begin(), applicants.end(),
      [&](const v1::Applicant& one) { return one.party_number() == party; });
}

bool MayActFor(const State& state, const Acting& acting, const CivilDate& day) {
  if (acting.actor == acting.principal) return true;
  const auto* powers = PowersBetween(state, acting);
  if (powers == nullptr) return false;
  const std::string today = FormatDate(day);
  return std::any_of(powers->begin(), powers->end(), [&](const auto& number) {
    const auto power = state.attorneys.find(number);
    return power != state.attorneys.end() &&
           Covers(state, power->second, acting, today);
  });
}

MaybeRefusal CheckActingFor(const State& state, const Acting& acting,
                            const CivilDate& day, absl::string_view rule) {
  if (MayActFor(state, acting, day)) return std::nullopt;
  if (PowersBetween(state, acting) != nullptr) {
    return Refuse(
        rpc::v1::NOT_ALLOWED,
        {"actor", "B22",
         absl::StrCat("授权委托书不包括此事项、此对象或今日，请由 ",
                      acting.principal, " 重新授权"),
         absl::StrCat("the power of attorney does not cover this act, this "
                      "object or this day; ",
                      acting.principal, " grants a new one"),
         ""});
  }
  return Refuse(
      rpc::v1::NOT_ALLOWED,
      {"actor", std::string(rule),
       absl::StrCat("此事项只能由 ", acting.principal, " 或其代理人办理"),
       absl::StrCat("only ", acting.principal, " or its agent may do this"),
       ""});
}

MaybeRefusal CheckActingUnnamed(const State& state, const Acting& acting,
                                const CivilDate& day, absl::string_view rule) {
  if (MayActFor(state, acting, day)) return std::nullopt;
  if (PowersBetween(state, acting) == nullptr) return NotYours(rule);
  return Refuse(rpc::v1::NOT_ALLOWED,
                {"actor", "B22",
                 "授权委托书不包括此事项、此对象或今日，请由委托人重新授权",
                 "the power of attorney does not cover this act, this object "
                 "or this day; its principal grants a new one",
                 ""});
}

MaybeRefusal CheckActingForApplicant(const Case& a_case,
                                     const v1::Application& application,
                                     v1::AttorneyAct act,
                                     absl::string_view rule) {
  const Acting acting{a_case.command.actor(), PrimaryOf(application.form()),
                      act, application.application_no()};
  return application.notice_opened_at_ms() == 0
             ? CheckActingUnnamed(a_case.state, acting, a_case.today(), rule)
             : CheckActingFor(a_case.state, acting, a_case.today(), rule);
}

Refusal NotYours(absl::string_view rule) {
  return Refuse(
      rpc::v1::NOT_ALLOWED,
      {"actor", std::string(rule),
       "您无权办理此事项，只能由当事人或其代理人办理，请核对编号与授权委托书",
       "this is not yours: only the party itself or its agent may do this; "
       "check the number and the power of attorney",
       ""});
}

}  // namespace dataip::registry
