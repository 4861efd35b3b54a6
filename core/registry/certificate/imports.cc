// Certificates of older systems, taken over as they stand there: new numbers
// here, theirs as aliases that nobody computes again.
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/certificate/certificate_orders.h"
#include "core/registry/certificate/rules.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/state/case.h"
#include "core/registry/values/canonical.h"

namespace dataip::registry {
namespace {

constexpr char kBody[] = "import_certificate";

// `VALID`; a number that the protocol does not know, as it is.
std::string StateName(v1::CertificateState state) {
  const std::string& name = v1::CertificateState_Name(state);
  return name.empty() ? absl::StrCat(static_cast<int>(state)) : name;
}

void Add(absl::string_view member, std::string zh, std::string en,
         Violations& out) {
  Report({kBody, -1, member}, {"", "IMPORT", std::move(zh), std::move(en), ""},
         out);
}

void CheckHolders(const Case& a_case, const v1::ImportCertificate& body,
                  Violations& out) {
  const int count = body.holders_size();
  std::set<std::string> parties;
  uint64_t sum_bp = 0;
  int with_share = 0;
  for (const v1::NewHolder& holder : body.holders()) {
    if (FindParty(a_case.state, holder.party_number()) != nullptr) {
      parties.insert(holder.party_number());
    }
    sum_bp += holder.share_bp();
    with_share += holder.share_bp() > 0 ? 1 : 0;
  }
  if (count < 1 || count > limits::kApplicantsPerForm ||
      parties.size() != static_cast<size_t>(count)) {
    Add("holders", "登记主体应为 1 至 7 个已登记且不重复的主体，请核对主体编号",
        "holders are 1 to 7 registered parties without repeats; check their "
        "numbers",
        out);
  }
  if (with_share != 0 &&
      (with_share != count || sum_bp != limits::kWholeShareBp)) {
    Add("holders", "份额应全部不填，或全部填写且合计为 10000",
        "shares are all absent, or all set with the sum 10,000", out);
  }
}

void CheckContent(const Case& a_case, const v1::ImportCertificate& body,
                  Violations& out) {
  CheckText({kBody, -1, "name"},
            {"IMPORT", "数据名称", "the name of the data", 1,
             limits::kLineCharacters},
            body.name(), out);
  if (!a_case.state.industries->Contains(body.industry_code())) {
    Add("industry_code", "行业代码不在国民经济行业分类表中，请核对",
        "the industry is not in the table; check it", out);
  }
  if (!a_case.state.regions->Contains(body.region_code())) {
    Add("region_code", "行政区划代码不在代码表中，请核对",
        "the region is not in the table; check it", out);
  }
  int before = 0;
  bool ascending = !body.sources().empty();
  for (const int source : body.sources()) {
    ascending = ascending && source > before;
    before = source;
  }
  if (!ascending) {
    Add("sources", "数据来源至少一类，按升序填写且不重复",
        "name at least one source, ascending and without repeats", out);
  }
  if (body.record_count() == 0) {
    Add("record_count", "请填写原证书上的数据条数",
        "give the records as they stand there", out);
  }
}

void CheckDays(const Case& a_case, const v1::ImportCertificate& body,
               Violations& out) {
  const auto from = ParseDate(body.valid_from());
  const auto to = ParseDate(body.valid_to());
  if (!from || a_case.today() < *from) {
    Add("valid_from", "有效期起日须为 YYYY-MM-DD 日期且不晚于今日，请核对",
        "the first day is a date YYYY-MM-DD and not after today; check it",
        out);
  }
  if (!to || (from && *to < *from)) {
    Add("valid_to", "有效期止日须为 YYYY-MM-DD 日期且不早于起日，请核对",
        "the last day is a date YYYY-MM-DD and not before the first; check it",
        out);
  }
  const auto extracted = ParseDate(body.provenance().extracted_on());
  if (!extracted || a_case.today() < *extracted) {
    Add("provenance.extracted_on",
        "取自原系统的日期须为 YYYY-MM-DD 且不晚于今日，请核对",
        "the day on which it was taken from there is a date YYYY-MM-DD and not "
        "after today; check it",
        out);
  }
}

// Registration says VALID or EXPIRED by the term alone, so no certificate with
// another state comes in, nor one whose state there is not that of its term.
void CheckState(const v1::ImportCertificate& body, Violations& out) {
  const v1::Provenance& provenance = body.provenance();
  const v1::CertificateState state = provenance.state();
  if (state == v1::CERTIFICATE_STATE_UNSPECIFIED) {
    Add("provenance.state",
        "请写明证书在原系统中的状态：VALID 有效或 EXPIRED 到期失效",
        "say how the certificate stood there: VALID or EXPIRED", out);
    return;
  }
  if (state != v1::VALID && state != v1::EXPIRED) {
    Add("provenance.state",
        absl::StrCat("原系统中为“", StateNameZh(state),
                     "”的证书不导入，请从导入中删去；已换证的，导入其后继证书"),
        absl::StrCat("a certificate that is ", StateName(state),
                     " there is not imported; leave it out, and of one that "
                     "was replaced import the successor"),
        out);
    return;
  }
  const auto to = ParseDate(body.valid_to());
  const auto extracted = ParseDate(provenance.extracted_on());
  if (!to || !extracted) return;  // reported with the days
  const bool over = *to < *extracted;
  if (over == (state == v1::EXPIRED)) return;
  Add("provenance.state",
      absl::StrCat("取自原系统之日(", provenance.extracted_on(), ")有效期",
                   over ? "已满" : "未满", "，而状态为 ", StateName(state),
                   "，请核对状态与日期"),
      absl::StrCat("its term was ", over ? "" : "not ", "over on ",
                   provenance.extracted_on(),
                   ", when it was taken from there, and it is ",
                   StateName(state), "; check the state and the days"),
      out);
}

void CheckProvenance(const v1::Provenance& provenance, Violations& out) {
  CheckText({kBody, -1, "provenance.system"},
            {"IMPORT", "原系统名称", "the older system", 2,
             limits::kSystemCharacters},
            provenance.system(), out);
  CheckText({kBody, -1, "provenance.issued_by"},
            {"IMPORT", "原发证机关", "the authority that issued it", 2,
             limits::kAuthorityCharacters},
            provenance.issued_by(), out);
  CheckFile({kBody, -1, "provenance.record"}, provenance.record(), out);
  std::set<std::string> numbers;
  for (const std::string& number : provenance.legacy_numbers()) {
    CheckText({kBody, -1, "provenance.legacy_numbers"},
              {"IMPORT", "原编号", "a number there", 1,
               limits::kLegacyNumberCharacters},
              number, out);
    numbers.insert(number);
  }
  const int count = provenance.legacy_numbers_size();
  if (count < 1 || count > limits::kLegacyNumbers ||
      numbers.size() != static_cast<size_t>(count)) {
    Add("provenance.legacy_numbers", "原编号应为 1 至 10 个且不重复，请核对",
        "1 to 10 numbers as they stand there, without repeats; check them",
        out);
  }
}

// A number leads to one certificate.
MaybeRefusal CheckNewHere(const State& state,
                          const v1::Provenance& provenance) {
  for (int i = 0; i < provenance.legacy_numbers_size(); ++i) {
    const std::string& number = provenance.legacy_numbers(i);
    const v1::Certificate* taken = FindCertificate(state, number);
    if (taken == nullptr) continue;
    return Refuse(
        rpc::v1::ALREADY_EXISTS,
        {absl::StrCat(kBody, ".provenance.legacy_numbers[", i, "]"), "IMPORT",
         absl::StrCat("原编号“", number, "”已属于证书 ", taken->number(),
                      "，请勿重复导入"),
         absl::StrCat("`", number, "` is a number of certificate ",
                      taken->number(), " already; do not import it again"),
         ""});
  }
  return std::nullopt;
}

v1::CertificateContent ContentOf(const Case& a_case,
                                 const v1::ImportCertificate& body) {
  const State& state = a_case.state;
  std::set<v1::SourceCategory> categories;
  for (const int source : body.sources()) {
    categories.insert(static_cast<v1::SourceCategory>(source));
  }
  v1::CertificateContent content;
  SetIssuer(state, content);
  content.set_number(NextCertificateNumber(a_case));
  content.set_registration_number(NextRegistrationNumber(
      a_case, categories,
      FindParty(state, body.holders(0).party_number())->identity().kind()));
  content.set_name(body.name());
  for (const v1::NewHolder& holder : body.holders()) {
    *content.add_holders() =
        HolderOf(state, holder.party_number(), holder.share_bp());
  }
  SetIndustry(state, body.industry_code(), content);
  SetRegion(state, body.region_code(), content);
  *content.mutable_sources() = body.sources();
  content.set_record_count(body.record_count());
  content.set_byte_size(body.byte_size());
  content.set_update_frequency(body.update_frequency());
  content.set_valid_from(body.valid_from());
  content.set_valid_to(body.valid_to());
  *content.mutable_legacy_numbers() = body.provenance().legacy_numbers();
  return content;
}

}  // namespace

Decision DecideImportCertificate(const Case& a_case) {
  const v1::ImportCertificate& body = a_case.command.import_certificate();
  RETURN_IF_REFUSED(CheckVersion(a_case, 0));
  Violations violations;
  CheckHolders(a_case, body, violations);
  CheckContent(a_case, body, violations);
  CheckDays(a_case, body, violations);
  CheckState(body, violations);
  CheckProvenance(body.provenance(), violations);
  if (!violations.empty()) return RefuseForm(std::move(violations));
  RETURN_IF_REFUSED(CheckNewHere(a_case.state, body.provenance()));
  RETURN_IF_REFUSED(CheckNumbersLeft(a_case, kBody));
  const v1::CertificateContent content = ContentOf(a_case, body);
  Events events(2);
  v1::CertificateImported* imported = events[0].mutable_certificate_imported();
  imported->set_certificate_number(content.number());
  *imported->mutable_provenance() = body.provenance();
  v1::CertificateIssued* issued = events[1].mutable_certificate_issued();
  issued->set_content(SerializeCanonical(content));
  v1::StatusRecord first =
      FirstStatus(a_case, content.number(), issued->content());
  if (body.valid_to() < FormatDate(a_case.today())) {
    first.set_state(v1::EXPIRED);
  }
  issued->set_status_record(SerializeCanonical(first));
  return events;
}

}  // namespace dataip::registry
