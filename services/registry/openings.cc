#include "services/registry/openings.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <map>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/command_signature.h"
#include "core/registry/form/tiers.h"
#include "services/common/error.h"

namespace dataip::registryd {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kSaltBytes = 32;

class Finder {
 public:
  explicit Finder(std::vector<FoundCommitment>& found) : found_(found) {}

  void Walk(const Message& message, const std::string& path) {
    if (message.GetDescriptor() == v1::Commitment::descriptor()) {
      found_.push_back(
          {path, static_cast<const v1::Commitment&>(message).digest()});
      return;
    }
    const size_t before = found_.size();
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        WalkField(message, *field, path);
      }
    }
    if (message.GetDescriptor() != v1::FileCommitment::descriptor()) return;
    const auto& file = static_cast<const v1::FileCommitment&>(message);
    for (size_t i = before; i < found_.size(); ++i) {
      found_[i].is_file = true;
      found_[i].kind = file.kind();
      found_[i].byte_size = file.byte_size();
    }
  }

 private:
  void WalkField(const Message& message, const FieldDescriptor& field,
                 const std::string& path) {
    const auto& reflection = *message.GetReflection();
    const std::string name =
        path.empty() ? field.name() : absl::StrCat(path, ".", field.name());
    if (!field.is_repeated()) {
      Walk(reflection.GetMessage(message, &field), name);
      return;
    }
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      Walk(reflection.GetRepeatedMessage(message, &field, i),
           absl::StrCat(name, "[", i, "]"));
    }
  }

  std::vector<FoundCommitment>& found_;
};

absl::Status TooLarge(const std::string& field) {
  return services::MakeStatus(
      rpc::v1::TOO_LARGE,
      {absl::StrCat(field, ": too many or too long; at most ",
                    limits::kOpeningsPerCommand, " openings of ",
                    limits::kOpeningValueBytes, " bytes"),
       absl::StrCat(field, "：数量或长度超限，最多 ",
                    limits::kOpeningsPerCommand, " 个，每个不超过 ",
                    limits::kOpeningValueBytes, " 字节")});
}

// Gathers what is wrong with each commitment.
class Violations {
 public:
  void Add(std::string field, services::ErrorText text) {
    rpc::v1::FieldViolation violation;
    violation.set_field(std::move(field));
    violation.set_rule("OPENING");
    violation.set_message_en(std::move(text.en));
    violation.set_message_zh(std::move(text.zh));
    violations_.push_back(std::move(violation));
  }

  absl::Status status() && {
    if (violations_.empty()) return absl::OkStatus();
    const auto& first = violations_.front();
    services::ErrorText text{
        absl::StrCat(first.field(), ": ", first.message_en()),
        absl::StrCat(first.field(), "：", first.message_zh())};
    return services::MakeStatus(rpc::v1::INVALID_FIELD, std::move(text),
                                std::move(violations_));
  }

 private:
  std::vector<rpc::v1::FieldViolation> violations_;
};

// The openings of the request under the digests that they open.
absl::StatusOr<std::map<std::string, StoredOpening>> OpenedBy(
    const v1::SubmitCommandRequest& request) {
  if (static_cast<size_t>(request.openings_size()) >
      limits::kOpeningsPerCommand) {
    return TooLarge("openings");
  }
  std::map<std::string, StoredOpening> opened;
  for (int i = 0; i < request.openings_size(); ++i) {
    const v1::Opening& opening = request.openings(i);
    const std::string path = absl::StrCat("openings[", i, "]");
    if (opening.value().size() > limits::kOpeningValueBytes) {
      return TooLarge(path + ".value");
    }
    if (opening.salt().size() != kSaltBytes) {
      return services::InvalidField(
          path + ".salt", {"must be 32 random bytes", "必须是 32 字节随机数"});
    }
    const Hash digest = crypto::OpeningCommitment(
        hash::AsBytes(opening.salt()), hash::AsBytes(opening.value()));
    opened[std::string(digest.text())] = {digest, opening.salt(),
                                          opening.value()};
  }
  return opened;
}

struct Uploaded {
  const FileStore& files;
  const std::function<bool(const Hash& sha256)>& by_sender;
};

void CheckFile(const FoundCommitment& found, const StoredOpening& opening,
               const Uploaded& uploaded, Violations& violations) {
  const auto digest = Hash::From(hash::AsBytes(opening.value));
  if (!digest.has_value()) {
    violations.Add(found.path,
                   {"the opening of a file holds its SHA-256, 32 bytes",
                    "文件承诺的原值应为文件的 SHA-256（32 字节）"});
    return;
  }
  // One that others uploaded is neither kept for this command nor told of.
  const bool counts = uploaded.by_sender(*digest);
  if (counts) uploaded.files.Claim(*digest);
  const auto size = uploaded.files.SizeOf(*digest);
  if (!counts || !size.ok()) {
    violations.Add(found.path,
                   {"the file was not uploaded; send it with UploadFile first",
                    "文件尚未上传，请先用 UploadFile 上传"});
  } else if (*size != found.byte_size) {
    violations.Add(found.path, {"byte_size is not the file's",
                                "byte_size 与所上传文件的大小不符"});
  }
}

// Null when the command has none.
const v1::ApplicationForm* FormOf(const v1::Command& command) {
  switch (command.body_case()) {
    case v1::Command::kSubmitApplication:
      return &command.submit_application().form();
    case v1::Command::kPrepareApplication:
      return &command.prepare_application().form();
    case v1::Command::kCorrectApplication:
      return &command.correct_application().form();
    default:
      return nullptr;
  }
}

}  // namespace

std::vector<FoundCommitment> CommitmentsIn(const v1::ApplicationForm& form) {
  std::vector<FoundCommitment> found;
  Finder(found).Walk(form, "");
  return found;
}

std::vector<FoundCommitment> CommitmentsIn(const Message& message) {
  std::vector<FoundCommitment> found;
  Finder(found).Walk(message, "");
  return found;
}

std::vector<FoundCommitment> CommitmentsIn(const v1::Transition& transition) {
  std::vector<FoundCommitment> found;
  for (const v1::Event& event : transition.events()) {
    Finder(found).Walk(event, "");
  }
  return found;
}

std::vector<FoundCommitment> CommitmentsIn(const v1::Command& command) {
  std::vector<FoundCommitment> found;
  const auto& reflection = *v1::Command::GetReflection();
  const FieldDescriptor* body = reflection.GetOneofFieldDescriptor(
      command, v1::Command::descriptor()->FindOneofByName("body"));
  if (body == nullptr) return found;
  Finder(found).Walk(reflection.GetMessage(command, body), "");
  for (FoundCommitment& commitment : found) {
    if (absl::StartsWith(commitment.path, "form.")) {
      commitment.path.erase(0, 5);
    }
  }
  return found;
}

absl::StatusOr<std::vector<StoredOpening>> CheckOpenings(
    const OpeningsToCheck& check, const FileStore& files) {
  auto opened = OpenedBy(check.request);
  if (!opened.ok()) return opened.status();
  Violations violations;
  std::set<std::string> used;
  std::vector<StoredOpening> openings;
  for (const FoundCommitment& found : CommitmentsIn(check.command)) {
    const auto opening = opened->find(found.digest);
    if (opening == opened->end()) {
      if (check.known.count(found.digest) == 0) {
        violations.Add(found.path,
                       {"its opening was not sent; send salt and value",
                        "缺少对应的原值，请一并提交随机数和原值"});
      }
      continue;
    }
    if (found.is_file && !check.request.validate_only()) {
      CheckFile(found, opening->second, {files, check.uploaded}, violations);
    }
    if (used.insert(found.digest).second) openings.push_back(opening->second);
  }
  if (used.size() != opened->size()) {
    violations.Add("openings", {"one opens no commitment of this command",
                                "其中有的不对应本指令中的任何承诺"});
  }
  if (absl::Status status = std::move(violations).status(); !status.ok()) {
    return status;
  }
  return openings;
}

absl::Status CheckSealedStaySealed(const v1::Command& command,
                                   const registry::Profile* profile,
                                   const std::vector<StoredOpening>& openings) {
  const v1::ApplicationForm* form = FormOf(command);
  if (form == nullptr || form->sealed().empty()) return absl::OkStatus();
  std::vector<registry::SealedValue> values;
  for (const v1::SealedField& sealed : form->sealed()) {
    for (const StoredOpening& opening : openings) {
      if (opening.digest.text() != sealed.value().digest()) continue;
      values.push_back({sealed.field(), opening.value});
    }
  }
  auto violations = registry::FindSealedInPublic(*form, profile, values);
  if (violations.empty()) return absl::OkStatus();
  services::ErrorText text{violations[0].message_en(),
                           violations[0].message_zh()};
  return services::MakeStatus(rpc::v1::INVALID_FIELD, std::move(text),
                              std::move(violations));
}

absl::StatusOr<std::set<Hash>> NamedFiles(const Store& store) {
  std::set<Hash> named;
  RETURN_IF_ERROR(store.ForEachOpening([&](const StoredOpening& opening) {
    const auto sha256 = Hash::From(hash::AsBytes(opening.value));
    if (sha256.has_value()) named.insert(*sha256);
  }));
  return named;
}

}  // namespace dataip::registryd
