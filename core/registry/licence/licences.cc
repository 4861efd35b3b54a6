// Licences: filed by a holder or its agent, shown on the certificate as an
// overlay.
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/licence/rules.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/state/case.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/money.h"
#include "core/registry/values/number_scheme.h"

namespace dataip::registry {
namespace {

Refusal Invalid(absl::string_view field, std::string zh, std::string en) {
  return Refuse(rpc::v1::INVALID_FIELD,
                {absl::StrCat("file_licence.", field), "C4", std::move(zh),
                 std::move(en), ""});
}

Refusal RuleRefuses(absl::string_view field, std::string zh, std::string en) {
  return Refuse(rpc::v1::RULE_REFUSES,
                {absl::StrCat("file_licence.", field), "C4", std::move(zh),
                 std::move(en), ""});
}

bool IsGoodMoney(const v1::Money& money) {
  return money.currency() == kCurrency && money.fen() > 0;
}

MaybeRefusal CheckPrice(const v1::LicencePrice& price) {
  if (price.has_fixed() == price.has_per_unit()) {
    return Invalid("price", "价格应为固定总价或单价，二者填一",
                   "a price is either fixed or per unit; give one");
  }
  const v1::Money& money = price.has_fixed() ? price.fixed() : price.per_unit();
  if (!IsGoodMoney(money)) {
    return Invalid("price", "金额须为人民币(CNY)且大于 0 分，请修改",
                   "the amount is in CNY and over 0 fen; change it");
  }
  const size_t unit = base::CountCharacters(price.unit());
  if (price.has_fixed() ? unit != 0
                        : unit < 1 || unit > limits::kUnitCharacters) {
    return Invalid("price.unit",
                   "单价须写明计量单位(1 至 20 个字符)，固定总价不写",
                   "a unit price names its unit (1 to 20 characters), a fixed "
                   "one none");
  }
  return std::nullopt;
}

// The holder for whom it is filed.
const std::string& LicensorOf(const Case& a_case, const v1::FileLicence& body) {
  return body.licensor().empty() ? a_case.command.actor() : body.licensor();
}

// An agent licenses nothing to itself (民法典 168).
MaybeRefusal CheckShape(const Case& a_case, const v1::FileLicence& body) {
  if (body.licensee() == LicensorOf(a_case, body) ||
      body.licensee() == a_case.command.actor() ||
      FindParty(a_case.state, body.licensee()) == nullptr) {
    return Invalid("licensee",
                   "被许可人未登记，或就是许可人或其代理人本人，请核对主体编号",
                   "the licensee is not registered, or is the licensor or its "
                   "agent; check its party number");
  }
  if (body.kind() == v1::LICENCE_KIND_UNSPECIFIED) {
    return Invalid("kind", "请选择许可种类：普通或独占",
                   "choose the kind: ORDINARY or EXCLUSIVE");
  }
  RETURN_IF_REFUSED(CheckPrice(body.price()));
  if (base::CountCharacters(body.contract_no()) > limits::kReferenceBytes ||
      HasControlCharacter(body.contract_no(), false) ||
      HasControlCharacter(body.price().unit(), false)) {
    return Invalid(
        "contract_no",
        "合同编号最长 64 个字符，合同编号与计量单位不含控制字符和不显示"
        "的排版字符，请重新输入",
        "a contract number has at most 64 characters, it and the "
        "unit no control and no invisible character; type them "
        "anew");
  }
  if (body.salt().size() != hash::kHashBytes) {
    return Invalid("salt", "随机盐应为 32 字节", "a salt is 32 random bytes");
  }
  return std::nullopt;
}

MaybeRefusal CheckPeriod(const v1::CertificateContent& content,
                         const v1::FileLicence& body) {
  const auto from = ParseDate(body.valid_from());
  const auto to = ParseDate(body.valid_to());
  if (!from || !to || *to < *from) {
    return Invalid("valid_to", "许可期限须为 YYYY-MM-DD 日期且止日不早于起日",
                   "the period needs dates YYYY-MM-DD, the last not before the "
                   "first");
  }
  const auto certificate_from = ParseDate(content.valid_from());
  const auto certificate_to = ParseDate(content.valid_to());
  if (!certificate_from || !certificate_to || *from < *certificate_from ||
      *certificate_to < *to) {
    return RuleRefuses(
        "valid_to",
        absl::StrCat("许可期限须在证书有效期 ", content.valid_from(), " 至 ",
                     content.valid_to(), " 之内"),
        absl::StrCat("the period must lie in the certificate's, ",
                     content.valid_from(), " to ", content.valid_to()));
  }
  return std::nullopt;
}

MaybeRefusal CheckInForce(const Case& a_case,
                          const v1::Certificate& certificate) {
  bool in_force =
      certificate.status().state() == v1::VALID &&
      FormatDate(a_case.today()) <= certificate.content().valid_to();
  for (const v1::Overlay& overlay : certificate.status().overlays()) {
    in_force = in_force && overlay.kind() != v1::FREEZE;
  }
  if (in_force) return std::nullopt;
  return RuleRefuses("certificate_number",
                     "证书不在有效状态(已失效、到期或被冻结)，不能许可",
                     "the certificate is not in force (final, expired or "
                     "frozen); it cannot be licensed");
}

// ISO dates compare as text.
MaybeRefusal CheckOverlap(const State& state, const v1::FileLicence& body) {
  const auto numbers = state.licences_of.find(body.certificate_number());
  if (numbers == state.licences_of.end()) return std::nullopt;
  for (const std::string& number : numbers->second) {
    const LicenceState* found = FindLicence(state, number);
    if (found == nullptr) continue;
    const v1::Licence& other = found->licence;
    const bool exclusive =
        body.kind() == v1::EXCLUSIVE || other.kind() == v1::EXCLUSIVE;
    const std::string& last =
        other.ended_on().empty() ? other.valid_to() : other.ended_on();
    const bool overlaps =
        body.valid_from() <= last && other.valid_from() <= body.valid_to();
    if (!exclusive || !overlaps) continue;
    return RuleRefuses(
        "valid_from",
        absl::StrCat("与许可 ", number, "(", other.valid_from(), " 至 ", last,
                     ")期限重叠，其中一方为独占许可，请调整期限或种类"),
        absl::StrCat("the period overlaps licence ", number, " (",
                     other.valid_from(), " to ", last,
                     ") and one of the two is exclusive; change period or "
                     "kind"));
  }
  return std::nullopt;
}

MaybeRefusal CheckLicensor(const Case& a_case,
                           const v1::Certificate& certificate,
                           const v1::FileLicence& body) {
  const std::string& licensor = LicensorOf(a_case, body);
  if (!IsHolder(certificate, licensor)) {
    return Refuse(
        rpc::v1::NOT_ALLOWED,
        {body.licensor().empty() ? "actor" : "file_licence.licensor", "C4",
         "只有证书的登记主体才能许可；代理人请写明为哪一登记主体备案",
         "only a holder of the certificate licenses it; an agent names the "
         "holder for whom it files",
         ""});
  }
  return CheckActingFor(
      a_case.state,
      {a_case.command.actor(), licensor, v1::ACT_LICENCE, certificate.number()},
      a_case.today(), "C4");
}

v1::Licence LicenceOf(const Case& a_case, const v1::FileLicence& body) {
  v1::Licence licence;
  licence.set_licence_no(
      LicenceNumber(a_case.today(), a_case.state.counters.licences + 1));
  licence.set_certificate_number(body.certificate_number());
  licence.set_licensor(LicensorOf(a_case, body));
  licence.set_licensee(body.licensee());
  licence.set_kind(body.kind());
  licence.set_valid_from(body.valid_from());
  licence.set_valid_to(body.valid_to());
  *licence.mutable_price() = body.price();
  licence.set_contract_no(body.contract_no());
  licence.set_filed_at_ms(a_case.decided_at_ms);
  licence.set_version(1);
  return licence;
}

}  // namespace

Decision DecideFileLicence(const Case& a_case) {
  const State& state = a_case.state;
  const v1::FileLicence& body = a_case.command.file_licence();
  const auto found = state.certificates.find(body.certificate_number());
  if (found == state.certificates.end()) {
    return NotFound(
        "file_licence.certificate_number",
        absl::StrCat("没有编号为“", body.certificate_number(), "”的证书"),
        absl::StrCat("there is no certificate `", body.certificate_number(),
                     "`"));
  }
  const v1::Certificate& certificate = found->second;
  RETURN_IF_REFUSED(CheckLicensor(a_case, certificate, body));
  RETURN_IF_REFUSED(CheckVersion(a_case, certificate.status().version()));
  RETURN_IF_REFUSED(CheckShape(a_case, body));
  RETURN_IF_REFUSED(CheckInForce(a_case, certificate));
  RETURN_IF_REFUSED(CheckPeriod(certificate.content(), body));
  RETURN_IF_REFUSED(CheckOverlap(state, body));
  if (state.counters.licences >= kSerial7) {
    return RuleRefuses("certificate_number", "许可编号已用尽",
                       "no licence number is left");
  }
  const v1::Licence licence = LicenceOf(a_case, body);
  const std::string bytes = SerializeCanonical(licence);
  Events events(1);
  v1::LicenceFiled* filed = events[0].mutable_licence_filed();
  *filed->mutable_licence() = licence;
  filed->set_salt(body.salt());
  v1::StatusRecord record = NextStatus(a_case, certificate);
  AddOverlay(record, OverlayOf(v1::LICENCE, 0, body.salt(), bytes));
  AppendStatus(record, events);
  return events;
}

}  // namespace dataip::registry
