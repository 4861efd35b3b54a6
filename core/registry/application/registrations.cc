// Registration: numbers, certificate content, first status record,
// announcement.
#include <algorithm>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "core/registry/application/rules.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/objection/objections.h"
#include "core/registry/state/case.h"
#include "core/registry/state/deadlines.h"
#include "core/registry/tables/calendar.h"

namespace dataip::registry {
namespace {

struct Term {
  CivilDate from;
  CivilDate to;
};

std::set<v1::SourceCategory> CategoriesOf(const v1::ApplicationForm& form) {
  std::set<v1::SourceCategory> categories;
  for (const v1::Source& source : form.sources()) {
    categories.insert(source.category());
  }
  return categories;
}

// The profile's years from the announcement, the last day before the
// corresponding one, and never beyond a source's contract (rules 3.3).
Term TermFor(const Case& a_case, const v1::ApplicationForm& form) {
  const auto years = a_case.values->Years(kCertificateTerm);
  Term term;
  term.from = a_case.today();
  term.to = AddDays(AddYears(term.from, years.ok() ? *years : 0), -1);
  for (const v1::Source& source : form.sources()) {
    const auto end = ParseDate(source.contract_end());
    if (end) term.to = std::min(term.to, *end);
  }
  return term;
}

v1::CertificateContent ContentOf(const Case& a_case,
                                 const v1::Application& application,
                                 const Term& term) {
  const State& state = a_case.state;
  const v1::ApplicationForm& form = application.form();
  const std::set<v1::SourceCategory> categories = CategoriesOf(form);
  v1::CertificateContent content;
  SetIssuer(state, content);
  content.set_number(NextCertificateNumber(a_case));
  content.set_registration_number(NextRegistrationNumber(
      a_case, categories,
      FindParty(state, PrimaryOf(form))->identity().kind()));
  content.set_application_no(application.application_no());
  content.set_name(form.name());
  for (bool primary : {true, false}) {
    for (const v1::Applicant& applicant : form.applicants()) {
      if (applicant.primary() != primary) continue;
      *content.add_holders() =
          HolderOf(state, applicant.party_number(), applicant.share_bp());
    }
  }
  SetIndustry(state, form.industry_code(), content);
  SetRegion(state, form.region_code(), content);
  for (v1::SourceCategory category : categories) content.add_sources(category);
  content.set_record_count(form.record_count());
  content.set_byte_size(form.byte_size());
  content.set_update_frequency(form.update_frequency());
  *content.mutable_deposit() = form.deposit();
  content.set_valid_from(FormatDate(term.from));
  content.set_valid_to(FormatDate(term.to));
  return content;
}

// One that was filed in time and not looked at yet counts too.
MaybeRefusal CheckNoObjection(const v1::Application& application) {
  if (application.open_objections().empty()) return std::nullopt;
  const std::string& number = application.open_objections(0);
  return Refuse(rpc::v1::RULE_REFUSES,
                {"application_no", "T14",
                 absl::StrCat("异议 ", number, " 尚未处理完毕，办结后方可登记"),
                 absl::StrCat("objection ", number,
                              " is open; register when it is closed"),
                 ""});
}

MaybeRefusal CheckNoticeOver(const Case& a_case,
                             const v1::Application& application) {
  const v1::Deadline& deadline = application.notice_deadline();
  if (a_case.decided_at_ms > DueInstantMs(deadline)) return std::nullopt;
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {"application_no", "T14",
       absl::StrCat("公示至 ", deadline.due_date(), " 才届满，届满后方可登记"),
       absl::StrCat("the public notice runs to the end of ",
                    deadline.due_date(), "; register after it"),
       std::string(a_case.values->ClauseOf(kPublicity))});
}

// T13b: whoever lost may still bring it before a court.
MaybeRefusal CheckProceedingsOver(const Case& a_case,
                                  const v1::Application& application) {
  const std::string until = ProceedingsAwaitedUntil(a_case.state, application,
                                                    *a_case.state.calendar);
  const auto last = ParseDate(until);
  if (!last || a_case.decided_at_ms > EndOfDayMs(*last)) return std::nullopt;
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {"application_no", "T14",
       absl::StrCat("异议驳回后，异议人至 ", until,
                    " 止可证明已起诉、申请仲裁或投诉，届满后方可登记"),
       absl::StrCat("whoever objected may prove proceedings to the end of ",
                    until, "; register after it"),
       std::string(a_case.values->ClauseOf(kObjectionProceedings))});
}

}  // namespace

Decision DecideRegisterApplication(const Case& a_case) {
  const State& state = a_case.state;
  const std::string& application_no =
      a_case.command.register_application().application_no();
  RETURN_IF_REFUSED(
      CheckApplication(a_case, application_no, "T14", {v1::PUBLICITY}));
  const v1::Application& application = *FindApplication(state, application_no);
  RETURN_IF_REFUSED(CheckNoticeOver(a_case, application));
  RETURN_IF_REFUSED(CheckNoObjection(application));
  RETURN_IF_REFUSED(CheckProceedingsOver(a_case, application));
  const Term term = TermFor(a_case, application.form());
  if (term.to < term.from) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"application_no", "B07",
                   absl::StrCat("来源合同已于 ", FormatDate(term.to),
                                " 到期，不能登记；请补充有效合同"),
                   absl::StrCat("a source's contract ended on ",
                                FormatDate(term.to), "; it needs one in force"),
                   std::string(a_case.values->ClauseOf(kCertificateTerm))});
  }
  RETURN_IF_REFUSED(CheckNumbersLeft(a_case, "application_no"));
  const v1::CertificateContent content = ContentOf(a_case, application, term);

  Events events(1);
  v1::ApplicationRegistered* registered =
      events[0].mutable_application_registered();
  registered->set_application_no(application_no);
  registered->set_registration_number(content.registration_number());
  registered->set_certificate_number(content.number());
  AppendIssued(a_case, content, events);
  v1::CertificateAnnounced* announced =
      events.emplace_back().mutable_certificate_announced();
  announced->set_certificate_number(content.number());
  announced->set_announced_on(FormatDate(term.from));
  return events;
}

}  // namespace dataip::registry
