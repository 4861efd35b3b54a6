#include "core/registry/tables/profile_words.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/application.pb.h"
#include "dataip/registry/v1/application_form.pb.h"
#include "dataip/registry/v1/certificate_request.pb.h"
#include "google/protobuf/descriptor.h"

namespace dataip::registry {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;

// The one figure that is kept (core/registry/licence/usage.cc).
constexpr char kRealisedValueA[] = "实现运用金额-A";

const ProfileValue* LineOf(const Profile& profile, absl::string_view key) {
  const auto found = profile.values().find(key);
  return found == profile.values().end() ? nullptr : &found->second;
}

absl::Status NoSuchWord(absl::string_view key, absl::string_view word,
                        absl::string_view of) {
  return absl::InvalidArgumentError(
      absl::StrCat(key, " names `", word, "`, which is no ", of));
}

absl::Status CheckIsList(absl::string_view key, const ProfileValue& line) {
  if (line.unit == "list") return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(key, " is no list"));
}

absl::Status CheckFields(const Profile& profile, absl::string_view key,
                         const Descriptor& message) {
  const ProfileValue* line = LineOf(profile, key);
  if (line == nullptr) return absl::OkStatus();
  RETURN_IF_ERROR(CheckIsList(key, *line));
  for (const std::string& word :
       std::vector<std::string>(absl::StrSplit(line->value, ';'))) {
    if (message.FindFieldByName(word) != nullptr) continue;
    return NoSuchWord(key, word, absl::StrCat("field of ", message.name()));
  }
  return absl::OkStatus();
}

absl::Status CheckValues(const Profile& profile, absl::string_view key,
                         const EnumDescriptor& values) {
  const ProfileValue* line = LineOf(profile, key);
  if (line == nullptr) return absl::OkStatus();
  RETURN_IF_ERROR(CheckIsList(key, *line));
  for (const std::string& word :
       std::vector<std::string>(absl::StrSplit(line->value, ';'))) {
    const auto* value = values.FindValueByName(word);
    // 0 is what is not set.
    if (value != nullptr && value->number() != 0) continue;
    return NoSuchWord(key, word, absl::StrCat("value of ", values.name()));
  }
  return absl::OkStatus();
}

absl::Status CheckOneOf(const Profile& profile, absl::string_view key,
                        const std::vector<absl::string_view>& words) {
  const ProfileValue* line = LineOf(profile, key);
  if (line == nullptr) return absl::OkStatus();
  for (absl::string_view word : words) {
    if (line->value == word) return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      key, " is `", line->value, "`, not ", absl::StrJoin(words, " or ")));
}

absl::Status CheckTiers(const Profile& profile) {
  const Descriptor& form = *v1::ApplicationForm::descriptor();
  for (const auto& [key, line] : profile.values()) {
    absl::string_view field = key;
    if (!absl::ConsumePrefix(&field, kTierPrefix)) continue;
    if (form.FindFieldByName(std::string(field)) == nullptr) {
      return NoSuchWord(key, field, "field of ApplicationForm");
    }
    if (line.unit != "tier") {
      return absl::InvalidArgumentError(absl::StrCat(key, " is no tier"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckNouns(const Profile& profile) {
  const ProfileValue* line = LineOf(profile, kNameNouns);
  if (line == nullptr) return absl::OkStatus();
  RETURN_IF_ERROR(CheckIsList(kNameNouns, *line));
  for (absl::string_view word : absl::StrSplit(line->value, ';')) {
    if (word.empty()) return NoSuchWord(kNameNouns, word, "noun");
  }
  return absl::OkStatus();
}

absl::Status CheckGroundsOfJudgments(const Profile& profile) {
  const ProfileValue* line = LineOf(profile, kGroundsOfJudgments);
  if (line == nullptr) return absl::OkStatus();
  RETURN_IF_ERROR(CheckIsList(kGroundsOfJudgments, *line));
  for (absl::string_view code : absl::StrSplit(line->value, ';')) {
    if (!profile.RevocationGroundText(code).empty()) continue;
    return NoSuchWord(kGroundsOfJudgments, code, "ground of revocation");
  }
  return absl::OkStatus();
}

// Four digits, as every number has them.
absl::Status CheckRegistryCode(const Profile& profile) {
  const ProfileValue* line = LineOf(profile, kRegistryCode);
  if (line == nullptr || (line->unit == "digits" && line->value.size() == 4)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(kRegistryCode, " is not 4 digits"));
}

// `ground.R03` and others: any number of them, at least one.
absl::Status CheckGrounds(const Profile& profile) {
  const auto first = profile.values().lower_bound(kGroundPrefix);
  if (first != profile.values().end() &&
      absl::StartsWith(first->first, kGroundPrefix)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("no ground of refusal");
}

}  // namespace

absl::Status CheckProfileWords(const Profile& profile) {
  RETURN_IF_ERROR(
      CheckFields(profile, kNoticeFields, *v1::PublicSnapshot::descriptor()));
  RETURN_IF_ERROR(
      CheckFields(profile, kChecklistNotice, *v1::Checklist::descriptor()));
  RETURN_IF_ERROR(
      CheckFields(profile, kFormRequired, *v1::ApplicationForm::descriptor()));
  RETURN_IF_ERROR(
      CheckValues(profile, kObjectKinds, *v1::ObjectKind_descriptor()));
  RETURN_IF_ERROR(
      CheckValues(profile, kPublicStates, *v1::PublicState_descriptor()));
  RETURN_IF_ERROR(
      CheckValues(profile, kAiShares, *v1::AiProcessingShare_descriptor()));
  RETURN_IF_ERROR(CheckValues(profile, kTransferSingleParty,
                              *v1::TransferKind_descriptor()));
  RETURN_IF_ERROR(CheckTiers(profile));
  RETURN_IF_ERROR(CheckNouns(profile));
  RETURN_IF_ERROR(CheckGroundsOfJudgments(profile));
  RETURN_IF_ERROR(CheckRegistryCode(profile));
  RETURN_IF_ERROR(CheckOneOf(profile, kNumberScheme, {kUnifiedScheme}));
  RETURN_IF_ERROR(
      CheckOneOf(profile, kObjectionStanding, {kAnyone, kInterested}));
  RETURN_IF_ERROR(CheckOneOf(profile, kValueMetric, {kRealisedValueA}));
  return CheckGrounds(profile);
}

}  // namespace dataip::registry
