// DiscloseField: a sealed value shown to everybody, proved by its commitment.
// EraseOpenings: an order that the registry forget openings; the commitments,
// and with them every proof, stay.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/crypto/command_signature.h"
#include "core/registry/erasure/rules.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/form/tiers.h"
#include "core/registry/party/attorneys.h"
#include "core/registry/state/case.h"
#include "core/registry/values/personal_data.h"

namespace dataip::registry {
namespace {

constexpr char kDisclosure[] = "DISCLOSURE";
constexpr char kOpeningsRule[] = "OPENINGS";
constexpr size_t kOpeningSaltBytes = 32;

Refusal Invalid(std::string field, absl::string_view rule, std::string zh,
                std::string en) {
  return Refuse(rpc::v1::INVALID_FIELD, {std::move(field), std::string(rule),
                                         std::move(zh), std::move(en), "5.4"});
}

// It will stand on the ledger for everybody to read.
MaybeRefusal CheckPublicValue(const std::string& value) {
  if (value.size() > limits::kOpeningValueBytes || !base::ValidUtf8(value) ||
      HasControlCharacter(value, true)) {
    return Invalid(
        "disclose_field.opening.value", kDisclosure,
        "公开的内容应为不超限的 UTF-8 文字，不含控制字符和不显示的排版"
        "字符，请保持封存",
        "what is disclosed is UTF-8 text within the limit, without "
        "control and invisible characters; leave it sealed");
  }
  for (const PersonalDataKind kind : ScanPublicText(value)) {
    return Refuse(rpc::v1::RULE_REFUSES,
                  {"disclose_field.opening.value", "B23",
                   absl::StrCat("拟公开的内容疑似含有", NameZh(kind),
                                "，不得公开，请保持封存"),
                   absl::StrCat("what is to be disclosed seems to hold a ",
                                NameEn(kind), "; leave it sealed"),
                   "个人信息保护法第二十八条"});
  }
  return std::nullopt;
}

MaybeRefusal CheckOpens(const State& state, const v1::DiscloseField& body,
                        const v1::SealedField& sealed) {
  const v1::Opening& opening = body.opening();
  if (opening.salt().size() != kOpeningSaltBytes ||
      crypto::OpeningCommitment(hash::AsBytes(opening.salt()),
                                hash::AsBytes(opening.value()))
              .text() != sealed.value().digest()) {
    return Invalid("disclose_field.opening", kDisclosure,
                   "盐与内容同账上的承诺不符，请核对原值",
                   "salt and value are not what the commitment on the ledger "
                   "was made of; give those");
  }
  if (state.erased_openings.count(sealed.value().digest()) > 0) {
    return Refuse(
        rpc::v1::RULE_REFUSES,
        {"disclose_field.field", kDisclosure, "该内容已依令删除，不得公开",
         "this value was erased by order; it cannot be disclosed", "5.4"});
  }
  return CheckPublicValue(opening.value());
}

}  // namespace

// Not before the form stands: what is corrected may be sealed otherwise.
Decision DecideDiscloseField(const Case& a_case) {
  const v1::DiscloseField& body = a_case.command.disclose_field();
  RETURN_IF_REFUSED(CheckApplication(
      a_case, body.application_no(), kDisclosure,
      {v1::PUBLICITY, v1::OBJECTION_PENDING, v1::SUSPENDED, v1::REGISTERED}));
  const v1::Application* application =
      FindApplication(a_case.state, body.application_no());
  RETURN_IF_REFUSED(
      CheckActingForApplicant(a_case, *application, v1::ACT_FILE, kDisclosure));
  const v1::SealedField* sealed = FindSealed(application->form(), body.field());
  if (sealed == nullptr) {
    return NotFound(
        "disclose_field.field",
        absl::StrCat("申请没有封存字段“", body.field(), "”"),
        absl::StrCat("the application seals no `", body.field(), "`"));
  }
  for (const std::string& disclosed : application->disclosed_fields()) {
    if (disclosed != body.field()) continue;
    return Refuse(
        rpc::v1::ALREADY_EXISTS,
        {"disclose_field.field", kDisclosure, "该字段已公开，无须重复",
         "this field is disclosed already", ""});
  }
  RETURN_IF_REFUSED(CheckOpens(a_case.state, body, *sealed));
  Events events(1);
  v1::FieldDisclosed* event = events[0].mutable_field_disclosed();
  event->set_application_no(body.application_no());
  event->set_field(body.field());
  *event->mutable_opening() = body.opening();
  return events;
}

// Whether the registry has them it cannot know: an order for what was never
// sent changes nothing but that it can never be stored.
Decision DecideEraseOpenings(const Case& a_case) {
  RETURN_IF_REFUSED(CheckVersion(a_case, 0));
  const v1::EraseOpenings& body = a_case.command.erase_openings();
  RETURN_IF_REFUSED(CheckReason("erase_openings.ordered_by", body.ordered_by(),
                                limits::kReasonLeastCharacters,
                                limits::kAuthorityCharacters));
  RETURN_IF_REFUSED(
      CheckReason("erase_openings.legal_basis", body.legal_basis(),
                  limits::kReasonLeastCharacters, limits::kReasonCharacters));
  if (body.commitments().empty() ||
      body.commitments_size() > limits::kCommitmentsPerOrder) {
    return Invalid("erase_openings.commitments", kOpeningsRule,
                   absl::StrCat("一道命令可列 1 至 ",
                                limits::kCommitmentsPerOrder, " 项承诺"),
                   absl::StrCat("an order names 1 to ",
                                limits::kCommitmentsPerOrder, " commitments"));
  }
  for (int i = 0; i < body.commitments_size(); ++i) {
    const std::string field =
        absl::StrCat("erase_openings.commitments[", i, "]");
    if (body.commitments(i).size() != hash::kHashBytes ||
        (i > 0 && body.commitments(i) <= body.commitments(i - 1))) {
      return Invalid(field, kOpeningsRule,
                     "承诺应为 32 字节，依次递增且不重复，请修改",
                     "commitments have 32 bytes and ascend without repeats; "
                     "change them");
    }
    if (a_case.state.erased_openings.count(body.commitments(i)) > 0) {
      return Refuse(
          rpc::v1::ALREADY_EXISTS,
          {field, kOpeningsRule, "该项已令删除，请去掉",
           "this one was ordered erased before; leave it out", "5.4"});
    }
  }
  Events events(1);
  *events[0].mutable_openings_erased()->mutable_order() = body;
  return events;
}

void EvolveFieldDisclosed(State& state, const v1::Event& event) {
  const v1::FieldDisclosed& disclosed = event.field_disclosed();
  const auto found = state.applications.find(disclosed.application_no());
  if (found == state.applications.end()) return;
  v1::Application& application = found->second;
  application.set_version(application.version() + 1);
  application.set_updated_at_ms(state.last_decided_at_ms);
  application.add_disclosed_fields(disclosed.field());
}

void EvolveOpeningsErased(State& state, const v1::Event& event) {
  const auto& commitments = event.openings_erased().order().commitments();
  state.erased_openings.insert(commitments.begin(), commitments.end());
}

}  // namespace dataip::registry
