#include "core/registry/licence/licence_checks.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/registry/certificate/certificate_content.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/state/licence_term.h"
#include "core/registry/values/canonical.h"
#include "core/registry/values/money.h"

namespace dataip::registry {
namespace {

Refusal Invalid(const LicenceAsked& asked, absl::string_view member,
                std::string zh, std::string en) {
  return Refuse(rpc::v1::INVALID_FIELD,
                {absl::StrCat(asked.body, ".", member), "C4", std::move(zh),
                 std::move(en), ""});
}

Refusal RuleRefuses(const LicenceAsked& asked, absl::string_view member,
                    std::string zh, std::string en) {
  return Refuse(rpc::v1::RULE_REFUSES,
                {absl::StrCat(asked.body, ".", member), "C4", std::move(zh),
                 std::move(en), ""});
}

MaybeRefusal CheckPrice(const LicenceAsked& asked) {
  const v1::LicencePrice& price = asked.licence.price();
  if (price.has_fixed() == price.has_per_unit()) {
    return Invalid(asked, "price", "价格应为固定总价或单价，二者填一",
                   "a price is either fixed or per unit; give one");
  }
  const v1::Money& money = price.has_fixed() ? price.fixed() : price.per_unit();
  if (money.currency() != kCurrency || money.fen() <= 0) {
    return Invalid(asked, "price", "金额须为人民币(CNY)且大于 0 分，请修改",
                   "the amount is in CNY and over 0 fen; change it");
  }
  const size_t unit = base::CountCharacters(price.unit());
  if (price.has_fixed() ? unit != 0
                        : unit < 1 || unit > limits::kUnitCharacters) {
    return Invalid(asked, "price.unit",
                   "单价须写明计量单位(1 至 20 个字符)，固定总价不写",
                   "a unit price names its unit (1 to 20 characters), a fixed "
                   "one none");
  }
  return std::nullopt;
}

bool BarsOthers(const v1::Licence& licence) {
  return licence.kind() == v1::EXCLUSIVE || licence.kind() == v1::SOLE;
}

}  // namespace

MaybeRefusal CheckLicenceTerms(const LicenceAsked& asked) {
  const v1::Licence& licence = asked.licence;
  if (licence.kind() == v1::LICENCE_KIND_UNSPECIFIED) {
    return Invalid(asked, "kind", "请选择许可种类：普通、独占或排他",
                   "choose the kind: ORDINARY, EXCLUSIVE or SOLE");
  }
  RETURN_IF_REFUSED(CheckPrice(asked));
  if (base::CountCharacters(licence.contract_no()) > limits::kReferenceBytes ||
      HasControlCharacter(licence.contract_no(), false) ||
      HasControlCharacter(licence.price().unit(), false)) {
    return Invalid(
        asked, "contract_no",
        "合同编号最长 64 个字符，合同编号与计量单位不含控制字符和不显示"
        "的排版字符，请重新输入",
        "a contract number has at most 64 characters, it and the "
        "unit no control and no invisible character; type them "
        "anew");
  }
  if (asked.salt.size() != hash::kHashBytes) {
    return Invalid(asked, "salt", "随机盐应为 32 字节",
                   "a salt is 32 random bytes");
  }
  return std::nullopt;
}

MaybeRefusal CheckLicensable(const Case& a_case,
                             const v1::Certificate& certificate,
                             absl::string_view field) {
  if (certificate.status().state() == v1::VALID &&
      FormatDate(a_case.today()) <= certificate.content().valid_to() &&
      !HasOverlay(certificate.status(), v1::FREEZE)) {
    return std::nullopt;
  }
  return Refuse(rpc::v1::RULE_REFUSES,
                {std::string(field), "C4",
                 "证书不在有效状态(已失效、到期或被冻结)，不能许可",
                 "the certificate is not in force (final, expired or "
                 "frozen); it cannot be licensed",
                 ""});
}

MaybeRefusal CheckLicencePeriod(const Case& a_case,
                                const v1::CertificateContent& content,
                                const LicenceAsked& asked) {
  const auto from = ParseDate(asked.licence.valid_from());
  const auto to = ParseDate(asked.licence.valid_to());
  if (!from || !to || *to < *from) {
    return Invalid(asked, "valid_to",
                   "许可期限须为 YYYY-MM-DD 日期且止日不早于起日",
                   "the period needs dates YYYY-MM-DD, the last not before the "
                   "first");
  }
  if (*to < a_case.today()) {
    return Invalid(
        asked, "valid_to",
        absl::StrCat("许可止日 ", asked.licence.valid_to(), " 早于今日(",
                     FormatDate(a_case.today()),
                     ")，已届满的许可无须备案，请核对止日"),
        absl::StrCat("the last day, ", asked.licence.valid_to(),
                     ", is before today (", FormatDate(a_case.today()),
                     "); a licence that is over is not filed, "
                     "check the day"));
  }
  const auto certificate_from = ParseDate(content.valid_from());
  const auto certificate_to = ParseDate(content.valid_to());
  if (!certificate_from || !certificate_to || *from < *certificate_from ||
      *certificate_to < *to) {
    return RuleRefuses(
        asked, "valid_to",
        absl::StrCat("许可期限须在证书有效期 ", content.valid_from(), " 至 ",
                     content.valid_to(), " 之内"),
        absl::StrCat("the period must lie in the certificate's, ",
                     content.valid_from(), " to ", content.valid_to()));
  }
  return std::nullopt;
}

// ISO dates compare as text.
MaybeRefusal CheckLicenceOverlap(const State& state, const LicenceAsked& asked,
                                 absl::string_view day) {
  const v1::Licence& licence = asked.licence;
  const auto numbers = state.licences_of.find(licence.certificate_number());
  if (numbers == state.licences_of.end()) return std::nullopt;
  for (const std::string& number : numbers->second) {
    const LicenceState* found = FindLicence(state, number);
    if (found == nullptr || number == licence.licence_no()) continue;
    const v1::Licence& other = found->licence;
    const std::string& last = LastDayOf(other);
    const bool overlaps = licence.valid_from() <= last &&
                          other.valid_from() <= licence.valid_to();
    if (!overlaps || (!BarsOthers(licence) && !BarsOthers(other))) continue;
    return RuleRefuses(
        asked, day,
        absl::StrCat("与许可 ", number, "(", other.valid_from(), " 至 ", last,
                     ")期限重叠，其中一方为独占或排他许可，请调整期限或种类"),
        absl::StrCat("the period overlaps licence ", number, " (",
                     other.valid_from(), " to ", last,
                     ") and one of the two is exclusive or sole; change "
                     "period or kind"));
  }
  return std::nullopt;
}

v1::Overlay LicenceOverlay(const v1::Licence& licence,
                           const std::string& salt) {
  return OverlayOf(v1::LICENCE, 0, salt, SerializeCanonical(licence));
}

}  // namespace dataip::registry
