// What the applicant says of the processing and declares: summary,
// de-identification, letters, intents, earlier registrations, contact.
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/hash/hash.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/values/civil_date.h"
#include "core/registry/values/personal_data.h"

namespace dataip::registry {
namespace {

std::string ClauseFor(const FormContext& context, absl::string_view key) {
  return context.profile == nullptr
             ? ""
             : std::string(context.profile->ClauseOf(key));
}

bool Allows(const FormContext& context, absl::string_view key,
            const std::string& word) {
  return context.profile == nullptr || context.profile->Lists(key, word);
}

bool NeedsDeidentification(const v1::ApplicationForm& form) {
  for (const v1::Source& source : form.sources()) {
    if (source.category() == v1::PERSONAL || source.category() == v1::PUBLIC) {
      return true;
    }
  }
  return false;
}

void CheckDeidentification(const v1::ApplicationForm& form, Violations& out) {
  const v1::Deidentification& deid = form.deidentification();
  const size_t least = NeedsDeidentification(form) ? 2 : 0;
  if (least > 0 && !form.has_deidentification()) {
    Report({"deidentification"},
           {"", "B16", "来源含个人或公共数据，须填写去标识化说明",
            "data of persons or of the public need a statement of "
            "de-identification; give it",
            "GB/T 37964-2019"},
           out);
    return;
  }
  CheckText({"deidentification", -1, "method"},
            {"B16", "去标识化方法", "the de-identification method", least,
             limits::kTextCharacters, true},
            deid.method(), out);
  CheckText({"deidentification", -1, "standard"},
            {"B16", "去标识化所依标准", "the de-identification standard", least,
             limits::kLineCharacters},
            deid.standard(), out);
  CheckText({"deidentification", -1, "reidentification_test"},
            {"B16", "重标识试验", "the re-identification test", least,
             limits::kTextCharacters, true},
            deid.reidentification_test(), out);
  if (least > 0 && !deid.irreversible()) {
    Report({"deidentification", -1, "irreversible"},
           {"", "B16", "处理后的数据须不可还原，请确认不可逆后填“是”",
            "processed data must not be reversible; make it so and say true",
            "个人信息保护法第七十三条"},
           out);
  }
}

void CheckPriorRegistrations(const v1::ApplicationForm& form,
                             const FormContext& context, Violations& out) {
  if (form.prior_registrations_size() > limits::kPriorRegistrationsPerForm) {
    Report({"prior_registrations"},
           {"", "B19", "在先登记最多 50 项，请合并",
            "at most 50 prior registrations; merge them", ""},
           out);
    return;
  }
  for (int i = 0; i < form.prior_registrations_size(); ++i) {
    const v1::PriorRegistration& prior = form.prior_registrations(i);
    CheckText({"prior_registrations", i, "registry"},
              {"B19", "在先登记的机构", "the other registry", 2,
               limits::kLineCharacters},
              prior.registry(), out);
    CheckText({"prior_registrations", i, "number"},
              {"B19", "在先登记的编号", "the number there", 1,
               limits::kLineCharacters},
              prior.number(), out);
    const std::optional<CivilDate> date = ParseDate(prior.date());
    if (!date || ShanghaiDate(context.filed_at_ms) < *date) {
      Report({"prior_registrations", i, "date"},
             {"", "B19", "在先登记的日期有误或晚于申请日，请核对",
              "the date there is not a date or after the filing; check it", ""},
             out);
    }
  }
}

void CheckContact(const v1::Contact& contact, Violations& out) {
  CheckText({"contact", -1, "role"},
            {"CONTACT", "联系人岗位", "the contact's role", 1,
             limits::kLineCharacters},
            contact.role(), out);
  const bool phone = contact.phone().digest().size() == hash::kHashBytes;
  const bool name =
      !contact.has_name() || contact.name().digest().size() == hash::kHashBytes;
  if (contact.phone().digest().empty()) {
    Report({"contact", -1, "phone"},
           {"", "CONTACT", "没有联系电话，请填写",
            "there is no phone number; fill it in", "formats 1"},
           out);
  } else if (!phone || !name) {
    Report({"contact", -1, phone ? "name" : "phone"},
           {"", "CONTACT", "联系人姓名与电话应为 32 字节的承诺，请由工具生成",
            "name and phone stand as commitments of 32 bytes; have the tool "
            "make them",
            "formats 1"},
           out);
  }
}

// B18: what the applicant says of a likeness.
void CheckLikeness(const v1::ApplicationForm& form, Violations& out) {
  CheckText({"duplicate_explanation"},
            {"B18", "与相似数据的区别说明", "the explanation of a likeness", 0,
             limits::kReasonCharacters, true},
            form.duplicate_explanation(), out);
}

void CheckIntents(const v1::ApplicationForm& form, Violations& out) {
  int before = 0;
  for (int i = 0; i < form.intents_size(); ++i) {
    if (form.intents(i) <= before) {
      Report({"intents", i},
             {"", "INTENTS", "运用意向应按升序填写且不重复，请修改",
              "intents stand ascending without repeats; change them", ""},
             out);
      return;
    }
    before = form.intents(i);
  }
}

}  // namespace

void CheckProcessing(const v1::ApplicationForm& form,
                     const FormContext& context, Violations& out) {
  if (form.public_state() == v1::PUBLIC_STATE_UNSPECIFIED ||
      !Allows(context, kPublicStates,
              v1::PublicState_Name(form.public_state()))) {
    Report({"public_state"},
           {"", "PUBLIC_STATE", "登记的数据应处于未公开状态，请核对",
            "the data to register must not be public yet; check it",
            ClauseFor(context, kPublicStates)},
           out);
  }
  if (form.ai_processing_share() == v1::AI_PROCESSING_SHARE_UNSPECIFIED ||
      !Allows(context, kAiShares,
              v1::AiProcessingShare_Name(form.ai_processing_share()))) {
    Report({"ai_processing_share"},
           {"", "AI_SHARE", "请选择人工智能加工比例；本地规则可能不接受全部",
            "choose the share of AI processing; the rules here may refuse ALL",
            ClauseFor(context, kAiShares)},
           out);
  }
  CheckText(
      {"algorithm_summary"},
      {"B15", "算法规则简要说明", "the algorithm summary",
       limits::kAlgorithmLeastCharacters, limits::kAlgorithmCharacters, true},
      form.algorithm_summary(), out);
  for (PersonalDataKind kind : ScanPublicText(form.algorithm_summary())) {
    Report({"algorithm_summary"},
           {"", "B23",
            absl::StrCat("公开文字中疑似含有", NameZh(kind), "，请",
                         MaskingAdvice(kind)),
            absl::StrCat("public text seems to hold a ", NameEn(kind), "; ",
                         MaskingAdviceEn(kind)),
            "个人信息保护法第二十八条"},
           out);
  }
  CheckDeidentification(form, out);
}

void CheckDeclarations(const v1::ApplicationForm& form,
                       const FormContext& context, Violations& out) {
  if (form.attachments_size() > limits::kAttachmentsPerForm) {
    Report({"attachments"},
           {"", "FILE", "附件最多 100 个，请合并",
            "at most 100 attachments; merge them", ""},
           out);
    return;
  }
  for (int i = 0; i < form.attachments_size(); ++i) {
    CheckFile({"attachments", i}, form.attachments(i), out);
  }
  CheckText({"commitment_text"},
            {"B21", "承诺书", "the commitment letter", 10,
             limits::kTextCharacters, true},
            form.commitment_text(), out);
  CheckIntents(form, out);
  CheckPriorRegistrations(form, context, out);
  CheckLikeness(form, out);
  CheckContact(form.contact(), out);
  CheckText({"series"},
            {"SERIES", "系列名称", "the series", 0, limits::kLineCharacters},
            form.series(), out);
  const std::optional<CivilDate> prepared = ParseDate(form.prepared_from());
  if (!prepared || ShanghaiDate(context.filed_at_ms) < *prepared) {
    Report({"prepared_from"},
           {"", "PREPARED", "准备开始日应为不晚于申请日的 YYYY-MM-DD 日期",
            "the day preparation began is a date YYYY-MM-DD not after the "
            "filing; check it",
            ""},
           out);
  }
}

}  // namespace dataip::registry
