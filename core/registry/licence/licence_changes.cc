// Licences after their filing: confirmed by the licensee, changed, ended early.
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/licence/licence_checks.h"
#include "core/registry/licence/rules.h"
#include "core/registry/request/requests.h"
#include "core/registry/state/licence_term.h"
#include "core/registry/values/canonical.h"

namespace dataip::registry {
namespace {

bool LiesOnCertificate(const Case& a_case, const std::string& licence_no) {
  return a_case.state.licence_overlays.count(licence_no) != 0;
}

// It is there, has the command's version and nobody ended it. The clock ends
// what a party ended too, once.
MaybeRefusal CheckLicence(const Case& a_case, const std::string& licence_no) {
  const LicenceState* found = FindLicence(a_case.state, licence_no);
  if (found == nullptr ||
      FindCertificate(a_case.state, found->licence.certificate_number()) ==
          nullptr) {
    return NotFound("licence_no",
                    absl::StrCat("没有编号为“", licence_no, "”的许可"),
                    absl::StrCat("there is no licence `", licence_no, "`"));
  }
  RETURN_IF_REFUSED(CheckVersion(a_case, found->licence.version()));
  const std::string& ended_on = found->licence.ended_on();
  const bool stands = a_case.command.actor() == kClockActor
                          ? LiesOnCertificate(a_case, licence_no)
                          : ended_on.empty();
  if (stands) return std::nullopt;
  const bool is_over = ended_on < FormatDate(a_case.today());
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {"licence_no", "C4",
       absl::StrCat(is_over ? "许可已于 " : "许可将于 ", ended_on,
                    is_over ? " 终止" : " 终止，终止已经备案"),
       absl::StrCat(is_over ? "the licence ended on "
                            : "that the licence ends is filed already; it "
                              "runs to the end of ",
                    ended_on),
       ""});
}

MaybeRefusal CheckPrincipal(const Case& a_case, const v1::Licence& licence,
                            const std::set<std::string>& principals) {
  const v1::Certificate& certificate =
      *FindCertificate(a_case.state, licence.certificate_number());
  if (!PrincipalOf(a_case, certificate, principals, v1::ACT_LICENCE).empty()) {
    return std::nullopt;
  }
  return NotPrincipal(a_case, certificate,
                      {principals, v1::ACT_LICENCE, "C4", true});
}

// The licensee that had confirmed it has signed the change (signers.cc).
v1::Licence ChangedBy(const Case& a_case, const v1::Licence& before) {
  const v1::ChangeLicence& body = a_case.command.change_licence();
  v1::Licence licence = before;
  licence.set_kind(body.kind());
  licence.set_valid_to(body.valid_to());
  *licence.mutable_price() = body.price();
  licence.set_contract_no(body.contract_no());
  licence.set_version(before.version() + 1);
  if (before.confirmed_at_ms() != 0) {
    licence.set_confirmed_at_ms(a_case.decided_at_ms);
  }
  return licence;
}

// Nobody changes a licence with itself: neither the licensee as the licensor's
// agent (民法典 168), nor one that the certificate came to.
MaybeRefusal CheckTwoSides(const Case& a_case, const v1::Licence& licence) {
  if (licence.licensee() != a_case.command.actor() &&
      licence.licensee() != licence.licensor()) {
    return std::nullopt;
  }
  return Refuse(
      rpc::v1::NOT_ALLOWED,
      {"actor", "C4", "被许可人就是许可人或其代理人，不能与自己变更许可",
       "the licensee is the licensor or its agent; nobody changes a "
       "licence with itself",
       ""});
}

MaybeRefusal CheckNewLastDay(const Case& a_case, const v1::Licence& before,
                             const v1::ChangeLicence& body) {
  if (before.valid_to() < FormatDate(a_case.today())) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"licence_no", "C4",
                   absl::StrCat("许可已于 ", before.valid_to(),
                                " 届满，不能变更，请另行备案"),
                   absl::StrCat("the licence was over on ", before.valid_to(),
                                " and cannot be changed; file another"),
                   ""});
  }
  const auto last = ParseDate(body.valid_to());
  if (last && !(*last < a_case.today())) return std::nullopt;
  return Refuse(rpc::v1::INVALID_FIELD,
                {"change_licence.valid_to", "C4",
                 "许可止日须为不早于今日的 YYYY-MM-DD 日期",
                 "the last day is a date YYYY-MM-DD, not before today", ""});
}

// What was counted was counted in the old price; what is to come adds to it.
MaybeRefusal CheckPriceAfterUsage(const LicenceState& licence,
                                  const v1::LicencePrice& price) {
  if (licence.usage.empty()) return std::nullopt;
  const v1::LicencePrice& before = licence.licence.price();
  if (price.has_fixed() != before.has_fixed() ||
      price.unit() != before.unit()) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"change_licence.price", "C4",
                   "已有运用记录，计价方式与计量单位不能变更，只能改金额",
                   "usage was recorded: the form of the price and its unit "
                   "stay, only the amount may change",
                   ""});
  }
  if (!price.has_fixed() || price.fixed().fen() >= licence.realised.fen) {
    return std::nullopt;
  }
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {"change_licence.price", "C4",
       absl::StrCat("固定总价不得少于已实现的 ", licence.realised.fen, " 分"),
       absl::StrCat("the fixed price is not less than the ",
                    licence.realised.fen, " fen realised already"),
       ""});
}

MaybeRefusal CheckDiffers(const v1::Licence& before, v1::Licence licence) {
  licence.set_version(before.version());
  licence.set_confirmed_at_ms(before.confirmed_at_ms());
  if (SerializeCanonical(licence) != SerializeCanonical(before)) {
    return std::nullopt;
  }
  return Refuse(
      rpc::v1::INVALID_FIELD,
      {"change_licence", "C4", "与许可现有内容没有不同，请填写要改的内容",
       "nothing differs from the licence; say what changes", ""});
}

// The overlay of a licence that stands, taken off the record.
void DropOverlay(const State& state, const std::string& licence_no,
                 v1::StatusRecord& record) {
  const auto overlay = state.licence_overlays.find(licence_no);
  if (overlay == state.licence_overlays.end()) return;
  RemoveOverlay(record, v1::LICENCE, 0, overlay->second);
}

}  // namespace

namespace {

// Nobody confirms to itself what it licenses, neither for the licensee that it
// is the agent of nor as the one that the certificate came to (民法典 168).
MaybeRefusal CheckNotTheLicensor(const Case& a_case,
                                 const v1::Licence& licence) {
  const std::string& actor = a_case.command.actor();
  const v1::Certificate& certificate =
      *FindCertificate(a_case.state, licence.certificate_number());
  // The licensee may be the licensor's agent in other things.
  const bool for_itself =
      actor == licence.licensee() && actor != licence.licensor();
  if (for_itself ||
      PrincipalOf(a_case, certificate, {licence.licensor()}, v1::ACT_LICENCE)
          .empty()) {
    return std::nullopt;
  }
  return Refuse(
      rpc::v1::NOT_ALLOWED,
      {"actor", "C4",
       "确认人就是许可人或许可人的代理人，不能与自己确认，请由被许可人确认",
       "the actor is the licensor or its agent; nobody confirms a licence to "
       "itself, let the licensee confirm it",
       ""});
}

}  // namespace

Decision DecideConfirmLicence(const Case& a_case) {
  const std::string& number = a_case.command.confirm_licence().licence_no();
  RETURN_IF_REFUSED(CheckLicence(a_case, number));
  const v1::Licence& licence = FindLicence(a_case.state, number)->licence;
  RETURN_IF_REFUSED(CheckPrincipal(a_case, licence, {licence.licensee()}));
  RETURN_IF_REFUSED(CheckNotTheLicensor(a_case, licence));
  if (licence.confirmed_at_ms() != 0) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"licence_no", "C4", "被许可人已经确认，无须再次确认",
                   "the licensee has confirmed it; once is enough", ""});
  }
  Events events(1);
  events[0].mutable_licence_confirmed()->set_licence_no(number);
  return events;
}

Decision DecideChangeLicence(const Case& a_case) {
  const State& state = a_case.state;
  const v1::ChangeLicence& body = a_case.command.change_licence();
  RETURN_IF_REFUSED(CheckLicence(a_case, body.licence_no()));
  const LicenceState& found = *FindLicence(state, body.licence_no());
  const v1::Licence& before = found.licence;
  RETURN_IF_REFUSED(CheckPrincipal(a_case, before, {before.licensor()}));
  RETURN_IF_REFUSED(CheckTwoSides(a_case, before));
  const v1::Certificate& certificate =
      *FindCertificate(state, before.certificate_number());
  const v1::Licence licence = ChangedBy(a_case, before);
  const LicenceAsked asked{"change_licence", licence, body.salt()};
  RETURN_IF_REFUSED(CheckLicensable(a_case, certificate, "licence_no"));
  RETURN_IF_REFUSED(CheckNewLastDay(a_case, before, body));
  RETURN_IF_REFUSED(CheckLicenceTerms(asked));
  RETURN_IF_REFUSED(CheckLicencePeriod(a_case, certificate.content(), asked));
  RETURN_IF_REFUSED(CheckLicenceOverlap(state, asked, "valid_to"));
  RETURN_IF_REFUSED(CheckPriceAfterUsage(found, licence.price()));
  RETURN_IF_REFUSED(CheckDiffers(before, licence));
  Events events(1);
  v1::LicenceChanged* changed = events[0].mutable_licence_changed();
  *changed->mutable_licence() = licence;
  changed->set_salt(body.salt());
  v1::StatusRecord record = NextStatus(a_case, certificate);
  DropOverlay(state, body.licence_no(), record);
  AddOverlay(record, LicenceOverlay(licence, body.salt()));
  AppendStatus(record, events);
  return events;
}

namespace {

// By the clock, when its last day is over.
MaybeRefusal CheckOver(const Case& a_case, const v1::Licence& licence) {
  const v1::EndLicence& body = a_case.command.end_licence();
  const std::string& last_day = LastDayOf(licence);
  if (body.ended_on() != last_day || !body.reason().empty()) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"end_licence.ended_on", "C4",
                   "时钟只在许可的最后一日之后终止许可，且不写理由",
                   "the clock ends a licence after its last day and gives no "
                   "reason",
                   ""});
  }
  if (LicenceDueOf(licence).at_ms < a_case.decided_at_ms) return std::nullopt;
  return Refuse(rpc::v1::RULE_REFUSES,
                {"licence_no", "C4",
                 absl::StrCat("许可至 ", last_day, " 日终才届满，不得提前结束"),
                 absl::StrCat("the licence runs to the end of ", last_day,
                              "; it cannot end before"),
                 ""});
}

MaybeRefusal CheckEndedEarly(const Case& a_case, const v1::Licence& licence) {
  const v1::EndLicence& body = a_case.command.end_licence();
  RETURN_IF_REFUSED(CheckPrincipal(a_case, licence,
                                   {licence.licensor(), licence.licensee()}));
  const auto last = ParseDate(body.ended_on());
  if (!last || *last < a_case.today() || licence.valid_to() < body.ended_on()) {
    return Refuse(rpc::v1::INVALID_FIELD,
                  {"end_licence.ended_on", "C4",
                   absl::StrCat("终止日须为今日至 ", licence.valid_to(),
                                " 之间的 YYYY-MM-DD 日期"),
                   absl::StrCat("the last day is a date from today to ",
                                licence.valid_to()),
                   ""});
  }
  return CheckReason("end_licence.reason", body.reason(),
                     limits::kReasonLeastCharacters, limits::kReasonCharacters);
}

}  // namespace

// To the end of its last day the licence runs on, bars others and lies on the
// certificate; a party only says which day that is.
Decision DecideEndLicence(const Case& a_case) {
  const v1::EndLicence& body = a_case.command.end_licence();
  RETURN_IF_REFUSED(CheckLicence(a_case, body.licence_no()));
  const v1::Licence& licence =
      FindLicence(a_case.state, body.licence_no())->licence;
  RETURN_IF_REFUSED(a_case.command.actor() == kClockActor
                        ? CheckOver(a_case, licence)
                        : CheckEndedEarly(a_case, licence));
  Events events(1);
  v1::LicenceEnded* ended = events[0].mutable_licence_ended();
  ended->set_licence_no(body.licence_no());
  ended->set_ended_on(body.ended_on());
  ended->set_reason(body.reason());
  if (a_case.command.actor() != kClockActor) return events;
  const v1::Certificate& certificate =
      *FindCertificate(a_case.state, licence.certificate_number());
  v1::StatusRecord record = NextStatus(a_case, certificate);
  DropOverlay(a_case.state, body.licence_no(), record);
  AppendStatus(record, events);
  return events;
}

}  // namespace dataip::registry
