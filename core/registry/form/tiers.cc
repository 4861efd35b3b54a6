#include "core/registry/form/tiers.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/hash/hash.h"
#include "core/registry/form/form_checks.h"
#include "core/registry/form/form_path.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace dataip::registry {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A shorter value stands in other words by chance.
constexpr size_t kTellingCharacters = 4;

// What a notice shows where the profile does not say.
constexpr absl::string_view kShown[] = {
    "algorithm_summary", "applicants", "byte_size",       "deposit",
    "industry_code",     "name",       "record_count",    "region_code",
    "scenario",          "sources",    "update_frequency"};

// Texts that no decision reads but to see that they are there and how long
// they are. Without indices.
constexpr absl::string_view kSealable[] = {
    "algorithm_summary",
    "contact.role",
    "deidentification.method",
    "deidentification.reidentification_test",
    "deidentification.standard",
    "fields.meaning",
    "fields.unit",
    "scenario.conditions",
    "scenario.object",
    "scenario.problem_solved",
    "scenario.scope",
    "sources.method",
    "storage_format_text"};

template <typename List>
bool Holds(const List& list, absl::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

std::string WithoutIndices(absl::string_view path) {
  std::string words;
  bool inside = false;
  for (const char c : path) {
    if (c == '[') inside = true;
    if (!inside) words.push_back(c);
    if (c == ']') inside = false;
  }
  return words;
}

// The text at a path that IsFormPath and kSealable take.
std::string TextAt(const Message& message, absl::string_view path) {
  const size_t dot = path.find('.');
  const absl::string_view step = path.substr(0, dot);
  const size_t bracket = step.find('[');
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(
      std::string(step.substr(0, bracket)));
  const auto& reflection = *message.GetReflection();
  if (dot == absl::string_view::npos) {
    return reflection.GetString(message, field);
  }
  if (!field->is_repeated()) {
    return TextAt(reflection.GetMessage(message, field), path.substr(dot + 1));
  }
  const int index = std::stoi(std::string(step.substr(bracket + 1)));
  return TextAt(reflection.GetRepeatedMessage(message, field, index),
                path.substr(dot + 1));
}

// Of sources a notice shows the categories only.
bool IsShown(const Profile* profile, absl::string_view path) {
  const std::string field = TopLevelField(path);
  return field != "sources" &&
         (ProfileTier(profile, field) == v1::TIER_PUBLIC ||
          NoticeShows(profile, field));
}

// What a notice shows may stay with the examiner in full, e.g. the algorithm
// of which it shows the first words; it cannot be sealed.
bool FitsProfile(const Profile* profile, const v1::FieldTier& tier) {
  const v1::DisclosureTier least = ProfileTier(profile, tier.field());
  switch (tier.tier()) {
    case v1::TIER_PUBLIC:
      return least == v1::TIER_PUBLIC;
    case v1::TIER_EXAMINER:
      return least == v1::TIER_EXAMINER;
    case v1::TIER_SEALED:
      return least != v1::TIER_PUBLIC && !NoticeShows(profile, tier.field());
    default:
      return false;
  }
}

void CheckTier(const v1::ApplicationForm& form, const FormContext& context,
               int index, Violations& out) {
  const v1::FieldTier& tier = form.tiers(index);
  const auto* field =
      v1::ApplicationForm::descriptor()->FindFieldByName(tier.field());
  if (field == nullptr || tier.field() == "tiers" || tier.field() == "sealed" ||
      (index > 0 && tier.field() <= form.tiers(index - 1).field())) {
    Report({"tiers", index, "field"},
           {"", "TIER", "应为申请表的顶层字段，按升序填写且不重复，请修改",
            "names a top-level field of the form, ascending without repeats; "
            "change it",
            "5.4"},
           out);
    return;
  }
  if (!FitsProfile(context.profile, tier)) {
    Report(
        {"tiers", index, "tier"},
        {"", "TIER",
         "规则要求公开的字段不得限制或封存，其他字段只能收窄，请修改公开范围",
         "what the rules want public stays public, and other fields can "
         "only be narrowed; change the tier",
         context.profile == nullptr
             ? "5.4"
             : std::string(context.profile->ClauseOf(
                   absl::StrCat(kTierPrefix, tier.field())))},
        out);
    return;
  }
  if (tier.tier() != v1::TIER_SEALED ||
      ProfileTier(context.profile, tier.field()) == v1::TIER_SEALED) {
    return;
  }
  const bool any = std::any_of(
      form.sealed().begin(), form.sealed().end(), [&](const auto& one) {
        return TopLevelField(one.field()) == tier.field();
      });
  if (!any) {
    Report({"tiers", index, "tier"},
           {"", "TIER", "封存的字段须在 sealed 中给出承诺，请补充",
            "a sealed field has its commitments in `sealed`; give them", "5.4"},
           out);
  }
}

void CheckSealed(const v1::ApplicationForm& form, const FormContext& context,
                 int index, Violations& out) {
  const v1::SealedField& sealed = form.sealed(index);
  if (!IsFormPath(form, sealed.field()) ||
      !Holds(kSealable, WithoutIndices(sealed.field())) ||
      (index > 0 && sealed.field() <= form.sealed(index - 1).field())) {
    Report({"sealed", index, "field"},
           {"", "TIER", "该路径不能封存，或未按升序填写，或有重复，请修改",
            "no path that can be sealed, not ascending, or a repeat; change it",
            "5.4"},
           out);
    return;
  }
  if (IsShown(context.profile, sealed.field())) {
    Report({"sealed", index, "field"},
           {"", "TIER", "规则要求公开的字段不得封存，请直接填写",
            "the rules want this field public: it cannot be sealed; fill it in",
            "5.4"},
           out);
  }
  if (!TextAt(form, sealed.field()).empty()) {
    Report({"sealed", index, "field"},
           {"", "B23", "封存的内容不得同时以明文填写，请清空该字段",
            "a sealed value stands in clear too; empty the field", "5.4"},
           out);
  }
  if (sealed.value().digest().size() != hash::kHashBytes) {
    Report({"sealed", index, "value"},
           {"", "TIER", "承诺应为 32 字节，请重新生成",
            "a commitment has 32 bytes; make it again", "formats 1"},
           out);
  }
}

// Every text of a public field with its path.
void GatherTexts(const Message& message, const std::string& path,
                 std::vector<std::pair<std::string, std::string>>& out) {
  std::vector<const FieldDescriptor*> fields;
  const auto& reflection = *message.GetReflection();
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string at = absl::StrCat(path, ".", field->name());
    if (field->is_repeated()) continue;  // none below what a notice shows
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      GatherTexts(reflection.GetMessage(message, field), at, out);
    } else if (field->type() == FieldDescriptor::TYPE_STRING) {
      out.emplace_back(at, reflection.GetString(message, field));
    }
  }
}

}  // namespace

v1::DisclosureTier ProfileTier(const Profile* profile,
                               absl::string_view field) {
  if (profile != nullptr) {
    const auto said = profile->Text(absl::StrCat(kTierPrefix, field));
    if (said.ok() && *said == "PUBLIC") return v1::TIER_PUBLIC;
    if (said.ok() && *said == "EXAMINER") return v1::TIER_EXAMINER;
    if (said.ok() && *said == "SEALED") return v1::TIER_SEALED;
  }
  return Holds(kShown, field) ? v1::TIER_PUBLIC : v1::TIER_EXAMINER;
}

bool NoticeShows(const Profile* profile, absl::string_view field) {
  if (ProfileTier(profile, field) == v1::TIER_SEALED) return false;
  if (profile != nullptr && profile->values().count(kNoticeFields) > 0) {
    return profile->Lists(kNoticeFields, field);
  }
  return Holds(kShown, field);
}

v1::DisclosureTier TierOf(const Profile* profile,
                          const v1::ApplicationForm& form,
                          absl::string_view field) {
  const v1::DisclosureTier tier = ProfileTier(profile, field);
  for (const v1::FieldTier& own : form.tiers()) {
    if (own.field() == field) return std::max(tier, own.tier());
  }
  return tier;
}

const v1::SealedField* FindSealed(const v1::ApplicationForm& form,
                                  absl::string_view path) {
  for (const v1::SealedField& sealed : form.sealed()) {
    if (sealed.field() == path) return &sealed;
  }
  return nullptr;
}

std::vector<rpc::v1::FieldViolation> FindSealedInPublic(
    const v1::ApplicationForm& form, const Profile* profile,
    const std::vector<SealedValue>& values) {
  std::vector<std::pair<std::string, std::string>> texts;
  if (NoticeShows(profile, "name")) {
    texts.emplace_back("name", form.name());
  }
  if (NoticeShows(profile, "algorithm_summary")) {
    texts.emplace_back("algorithm_summary", form.algorithm_summary());
  }
  if (NoticeShows(profile, "scenario")) {
    GatherTexts(form.scenario(), "scenario", texts);
  }
  Violations out;
  for (const auto& [path, text] : texts) {
    for (const SealedValue& sealed : values) {
      if (base::CountCharacters(sealed.value) < kTellingCharacters ||
          !absl::StrContains(text, sealed.value)) {
        continue;
      }
      out.push_back(ViolationOf(
          {path, "B23",
           absl::StrCat("公开文字含有 ", sealed.path, " 所封存的内容，请删除"),
           absl::StrCat("public text holds what ", sealed.path,
                        " seals; remove it"),
           "5.4"}));
    }
  }
  return out;
}

void CheckTiers(const v1::ApplicationForm& form, const FormContext& context,
                Violations& out) {
  for (int i = 0; i < form.tiers_size(); ++i) CheckTier(form, context, i, out);
  if (static_cast<size_t>(form.sealed_size()) > limits::kOpeningsPerCommand) {
    Report({"sealed", -1, ""},
           {"", "TIER",
            absl::StrCat("最多封存 ", limits::kOpeningsPerCommand, " 项"),
            absl::StrCat("at most ", limits::kOpeningsPerCommand,
                         " values can be sealed"),
            ""},
           out);
    return;
  }
  for (int i = 0; i < form.sealed_size(); ++i) {
    CheckSealed(form, context, i, out);
  }
}

void LeaveOutSealed(const v1::ApplicationForm& form, Violations& violations) {
  if (form.sealed().empty()) return;
  violations.erase(
      std::remove_if(violations.begin(), violations.end(),
                     [&](const auto& violation) {
                       return FindSealed(form, violation.field()) != nullptr &&
                              Holds(kSealable,
                                    WithoutIndices(violation.field()));
                     }),
      violations.end());
}

}  // namespace dataip::registry
