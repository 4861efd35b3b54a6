// Registration: numbers, certificate content, first status record,
// announcement.
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/registry/calendar.h"
#include "core/registry/canonical.h"
#include "core/registry/number_scheme.h"
#include "core/registry/rules.h"

namespace dataip::registry {
namespace {

struct Numbers {
  std::string registration;
  std::string certificate;
};

struct Term {
  CivilDate from;
  CivilDate to;
};

// 1 personal, 2 enterprise, 3 public, 4 several (rules 3.1).
char SourceDigit(const std::set<v1::SourceCategory>& categories) {
  if (categories.size() != 1) return '4';
  return static_cast<char>('0' + *categories.begin());
}

std::set<v1::SourceCategory> CategoriesOf(const v1::ApplicationForm& form) {
  std::set<v1::SourceCategory> categories;
  for (const v1::Source& source : form.sources()) {
    categories.insert(source.category());
  }
  return categories;
}

Numbers NumbersFor(const Case& a_case, const v1::ApplicationForm& form) {
  const State& state = a_case.state;
  const v1::Party* primary = FindParty(state, PrimaryOf(form));
  RegistrationCodes codes;
  codes.source = SourceDigit(CategoriesOf(form));
  codes.party_kind = static_cast<char>('0' + primary->identity().kind());
  const auto registry_code = a_case.values->Text(kRegistryCode);
  const NumberScheme scheme{registry_code.ok() ? *registry_code : "0000"};
  return {RegistrationNumber(a_case.today(), codes,
                             state.counters.registrations + 1),
          scheme.CertificateNumber(a_case.today(),
                                   state.counters.certificates + 1)};
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

void AddHolder(const State& state, const v1::Applicant& applicant,
               v1::CertificateContent& content) {
  const v1::Party* party = FindParty(state, applicant.party_number());
  v1::Holder* holder = content.add_holders();
  holder->set_party_number(applicant.party_number());
  holder->set_share_bp(applicant.share_bp());
  if (party == nullptr) return;
  const v1::PartyIdentity& identity = party->identity();
  holder->set_kind(identity.kind());
  if (identity.kind() == v1::NATURAL_PERSON) {
    holder->set_masked_name(identity.masked_name());
    *holder->mutable_name_commitment() = identity.name_commitment();
  } else {
    holder->set_name(identity.name());
    holder->set_uscc(identity.uscc());
  }
}

v1::CertificateContent ContentOf(const State& state,
                                 const v1::Application& application,
                                 const Numbers& numbers, const Term& term) {
  const v1::ApplicationForm& form = application.form();
  v1::CertificateContent content;
  content.set_origin(state.origin);
  content.set_number(numbers.certificate);
  content.set_registration_number(numbers.registration);
  content.set_application_no(application.application_no());
  content.set_name(form.name());
  for (bool primary : {true, false}) {
    for (const v1::Applicant& applicant : form.applicants()) {
      if (applicant.primary() == primary) AddHolder(state, applicant, content);
    }
  }
  content.set_industry_code(form.industry_code());
  content.set_industry_name(
      std::string(state.industries->NameOf(form.industry_code())));
  content.set_region_code(form.region_code());
  content.set_region_name(
      std::string(state.regions->NameOf(form.region_code())));
  for (v1::SourceCategory category : CategoriesOf(form)) {
    content.add_sources(category);
  }
  content.set_record_count(form.record_count());
  content.set_byte_size(form.byte_size());
  content.set_update_frequency(form.update_frequency());
  *content.mutable_deposit() = form.deposit();
  content.set_valid_from(FormatDate(term.from));
  content.set_valid_to(FormatDate(term.to));
  content.set_issuing_sm2_key_id(state.issuing_sm2_key_id);
  content.set_issuing_p256_key_id(state.issuing_p256_key_id);
  content.set_demonstration(state.registry.demonstration());
  return content;
}

v1::StatusRecord FirstStatus(const Case& a_case, const std::string& number,
                             const std::string& content) {
  v1::StatusRecord record;
  record.set_number(number);
  record.set_origin(a_case.state.origin);
  record.set_content_sha256(
      std::string(hash::Sha256(hash::AsBytes(content)).text()));
  record.set_state(v1::VALID);
  *record.mutable_decided_at() = FromUnixMs(a_case.decided_at_ms);
  record.set_version(1);
  record.set_demonstration(a_case.state.registry.demonstration());
  return record;
}

MaybeRefusal CheckNoticeOver(const Case& a_case,
                             const v1::Application& application) {
  const v1::Deadline& deadline = application.notice_deadline();
  if (a_case.decided_at_ms > DueInstantMs(deadline)) return std::nullopt;
  return Refuse(
      rpc::v1::RULE_REFUSES,
      {"application_no", "T14",
       absl::StrCat("公示至 ", deadline.due_date(), " 才届满,届满后方可登记"),
       absl::StrCat("the public notice runs to the end of ",
                    deadline.due_date(), "; register after it"),
       std::string(a_case.values->ClauseOf(kPublicity))});
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
  const Term term = TermFor(a_case, application.form());
  if (term.to < term.from) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"application_no", "B07",
                   absl::StrCat("来源合同已于 ", FormatDate(term.to),
                                " 到期,不能登记;请补充有效合同"),
                   absl::StrCat("a source's contract ended on ",
                                FormatDate(term.to), "; it needs one in force"),
                   std::string(a_case.values->ClauseOf(kCertificateTerm))});
  }
  if (state.counters.certificates >= kSerial7 ||
      state.counters.registrations >= kSerial9) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"application_no", "NUMBERS", "证书编号或登记号已用尽",
                   "no certificate or registration number is left", ""});
  }
  const Numbers numbers = NumbersFor(a_case, application.form());
  const std::string content =
      SerializeCanonical(ContentOf(state, application, numbers, term));

  Events events(3);
  v1::ApplicationRegistered* registered =
      events[0].mutable_application_registered();
  registered->set_application_no(application_no);
  registered->set_registration_number(numbers.registration);
  registered->set_certificate_number(numbers.certificate);
  v1::CertificateIssued* issued = events[1].mutable_certificate_issued();
  issued->set_content(content);
  issued->set_status_record(
      SerializeCanonical(FirstStatus(a_case, numbers.certificate, content)));
  v1::CertificateAnnounced* announced =
      events[2].mutable_certificate_announced();
  announced->set_certificate_number(numbers.certificate);
  announced->set_announced_on(FormatDate(term.from));
  return events;
}

}  // namespace dataip::registry
