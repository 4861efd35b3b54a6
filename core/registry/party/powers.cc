// Powers of attorney granted and revoked.
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/party/rules.h"
#include "core/registry/state/case.h"
#include "core/registry/values/civil_date.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

Fault PowerFault(std::string field, absl::string_view zh,
                 absl::string_view en) {
  return {std::move(field), "B22", std::string(zh), std::string(en), ""};
}

void CheckAgent(const Case& a_case, const std::string& agent, Violations& out) {
  if (FindParty(a_case.state, agent) != nullptr &&
      agent != a_case.command.actor()) {
    return;
  }
  out.push_back(ViolationOf(
      PowerFault("agent", "代理人应是委托人之外的已登记主体，请先登记代理人",
                 "the agent is a registered party other than the principal; "
                 "register it first")));
}

void CheckActs(const v1::GrantAttorney& body, Violations& out) {
  int before = v1::ATTORNEY_ACT_UNSPECIFIED;
  bool good = !body.acts().empty();
  for (const int act : body.acts()) {
    good = good && act > before && v1::AttorneyAct_IsValid(act);
    before = act;
  }
  if (good) return;
  out.push_back(ViolationOf(
      PowerFault("acts", "委托事项至少一项，按升序且不重复，请修改",
                 "a power names at least one act, ascending, none twice; "
                 "change it")));
}

void CheckDays(const Case& a_case, const v1::GrantAttorney& body,
               Violations& out) {
  const std::optional<CivilDate> from = ParseDate(body.valid_from());
  const std::optional<CivilDate> to = ParseDate(body.valid_to());
  if (!from.has_value()) {
    out.push_back(ViolationOf(
        PowerFault("valid_from", "委托起始日应为存在的日期，如 2024-07-01",
                   "the first day is a date that exists, e.g. 2024-07-01")));
  }
  if (!to.has_value() || *to < a_case.today() ||
      (from.has_value() && *to < *from)) {
    out.push_back(ViolationOf(PowerFault(
        "valid_to", "委托截止日应为存在的日期，不早于起始日与今日，请修改",
        "the last day is a date that exists, not before the first one nor "
        "before today; change it")));
  }
}

void CheckObjects(const State& state, const v1::GrantAttorney& body,
                  Violations& out) {
  if (body.objects_size() > limits::kObjectsPerPower) {
    out.push_back(ViolationOf(PowerFault(
        "objects",
        absl::StrCat("委托对象最多 ", limits::kObjectsPerPower,
                     " 个，请另立一份委托或留空以包括全部"),
        absl::StrCat("a power names at most ", limits::kObjectsPerPower,
                     " objects; grant another one, or leave them "
                     "out for all"))));
    return;
  }
  std::string before;
  for (int i = 0; i < body.objects_size(); ++i) {
    const std::string& object = body.objects(i);
    const bool known = FindApplication(state, object) != nullptr ||
                       FindCertificate(state, object) != nullptr;
    if (!known || object <= before) {
      out.push_back(ViolationOf(PowerFault(
          absl::StrCat("objects[", i, "]"),
          absl::StrCat("“", object,
                       "”不是已有的申请号、证书编号或登记号，或未按升序填写"),
          absl::StrCat("`", object,
                       "` is no number of an application, certificate or "
                       "registration, or not in ascending order"))));
    }
    before = object;
  }
}

}  // namespace

Decision DecideGrantAttorney(const Case& a_case) {
  const v1::GrantAttorney& body = a_case.command.grant_attorney();
  RETURN_IF_REFUSED(CheckVersion(a_case, 0));
  Violations violations;
  CheckAgent(a_case, body.agent(), violations);
  CheckActs(body, violations);
  CheckDays(a_case, body, violations);
  CheckObjects(a_case.state, body, violations);
  if (body.has_document()) {
    CheckFile({"document", -1, ""}, body.document(), violations);
  }
  if (!violations.empty()) return RefuseForm(std::move(violations));
  const uint64_t serial = a_case.state.counters.attorneys + 1;
  if (serial > kSerial7) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"grant_attorney", "NUMBERS", "授权委托书编号已用尽",
                   "no number of a power of attorney is left", ""});
  }
  Events events(1);
  v1::PowerOfAttorney* power =
      events[0].mutable_attorney_granted()->mutable_attorney();
  power->set_attorney_no(LetterNumber('A', a_case.today(), serial));
  power->set_version(1);
  power->set_principal(a_case.command.actor());
  power->set_agent(body.agent());
  *power->mutable_acts() = body.acts();
  power->set_valid_from(body.valid_from());
  power->set_valid_to(body.valid_to());
  *power->mutable_objects() = body.objects();
  if (body.has_document()) *power->mutable_document() = body.document();
  return events;
}

Decision DecideRevokeAttorney(const Case& a_case) {
  const std::string& number = a_case.command.revoke_attorney().attorney_no();
  const auto found = a_case.state.attorneys.find(number);
  if (found == a_case.state.attorneys.end()) {
    return NotFound(
        "attorney_no", absl::StrCat("没有编号为“", number, "”的授权委托书"),
        absl::StrCat("there is no power of attorney `", number, "`"));
  }
  const v1::PowerOfAttorney& power = found->second;
  const std::string& actor = a_case.command.actor();
  if (actor != power.principal() && actor != power.agent()) {
    return Refuse(
        rpc::v1::NOT_ALLOWED,
        {"actor", "B22", "授权委托只能由委托人或代理人终止，请核对编号",
         "only the principal or the agent ends a power; check the "
         "number",
         ""});
  }
  RETURN_IF_REFUSED(CheckVersion(a_case, power.version()));
  if (!power.revoked_on().empty()) {
    return Refuse(
        rpc::v1::RULE_REFUSES,
        {"attorney_no", "B22",
         absl::StrCat("授权委托书已于 ", power.revoked_on(), " 终止"),
         absl::StrCat("the power ended on ", power.revoked_on()), ""});
  }
  Events events(1);
  v1::AttorneyRevoked* event = events[0].mutable_attorney_revoked();
  event->set_attorney_no(number);
  event->set_revoked_on(FormatDate(a_case.today()));
  return events;
}

}  // namespace dataip::registry
