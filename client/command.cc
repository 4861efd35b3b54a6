#include "client/command.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/base64.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/crypto/command_signature.h"
#include "core/crypto/random.h"
#include "core/registry/values/canonical.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;
using google::protobuf::Struct;
using google::protobuf::Value;

constexpr int kFileFormat = 1;

absl::StatusOr<v1::Signature> Sign(const std::string& command,
                                   absl::string_view origin,
                                   const crypto::PrivateKey& key) {
  const std::string message =
      crypto::CommandMessage({origin, key.KeyId(), hash::AsBytes(command)});
  ASSIGN_OR_RETURN(std::string bytes, key.Sign(hash::AsBytes(message)));
  v1::Signature signature;
  signature.set_key_id(key.KeyId());
  signature.set_signature(std::move(bytes));
  return signature;
}

std::string Quoted(const std::string& text) {
  std::string json;
  Value value;
  value.set_string_value(text);
  const auto status = google::protobuf::util::MessageToJsonString(value, &json);
  DATAIP_ASSERT(status.ok());
  return json;
}

std::string QuotedBytes(const std::string& bytes) {
  return absl::StrCat("\"", base::Base64Encode(hash::AsBytes(bytes)), "\"");
}

void AppendCommand(const PendingCommand& pending, std::string& json) {
  absl::StrAppend(&json, "    {\n      \"command\": ",
                  QuotedBytes(pending.command.command()),
                  ",\n      \"signatures\": [");
  const char* separator = "\n";
  for (const v1::Signature& signature : pending.command.signatures()) {
    absl::StrAppend(
        &json, separator, "        {\"key_id\": ", Quoted(signature.key_id()),
        ", \"signature\": ", QuotedBytes(signature.signature()), "}");
    separator = ",\n";
  }
  absl::StrAppend(&json, "\n      ],\n      \"openings\": [");
  separator = "\n";
  for (const v1::Opening& opening : pending.openings) {
    absl::StrAppend(&json, separator,
                    "        {\"salt\": ", QuotedBytes(opening.salt()),
                    ", \"value\": ", QuotedBytes(opening.value()), "}");
    separator = ",\n";
  }
  absl::StrAppend(&json, pending.openings.empty() ? "" : "\n      ",
                  "]\n    }");
}

absl::Status NotACommandFile(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("不是命令文件 (not a command file): ", what));
}

absl::StatusOr<std::string> TextOf(const Struct& object,
                                   const std::string& name) {
  const auto found = object.fields().find(name);
  if (found == object.fields().end() ||
      found->second.kind_case() != Value::kStringValue) {
    return NotACommandFile(absl::StrCat("no text `", name, "`"));
  }
  return found->second.string_value();
}

absl::StatusOr<std::string> BytesOf(const Struct& object,
                                    const std::string& name) {
  ASSIGN_OR_RETURN(const std::string text, TextOf(object, name));
  const auto bytes = base::Base64Decode(text);
  if (!bytes.has_value()) {
    return NotACommandFile(absl::StrCat("`", name, "` is not base64"));
  }
  return std::string(bytes->begin(), bytes->end());
}

absl::StatusOr<std::vector<Struct>> ObjectsOf(const Struct& object,
                                              const std::string& name) {
  const auto found = object.fields().find(name);
  if (found == object.fields().end() ||
      found->second.kind_case() != Value::kListValue) {
    return NotACommandFile(absl::StrCat("no list `", name, "`"));
  }
  std::vector<Struct> objects;
  for (const Value& value : found->second.list_value().values()) {
    if (value.kind_case() != Value::kStructValue) {
      return NotACommandFile(absl::StrCat("`", name, "` holds no objects"));
    }
    objects.push_back(value.struct_value());
  }
  return objects;
}

absl::StatusOr<PendingCommand> PendingFrom(const Struct& object) {
  PendingCommand pending;
  ASSIGN_OR_RETURN(std::string command, BytesOf(object, "command"));
  pending.command.set_command(std::move(command));
  ASSIGN_OR_RETURN(const auto signatures, ObjectsOf(object, "signatures"));
  for (const Struct& from : signatures) {
    v1::Signature& signature = *pending.command.add_signatures();
    ASSIGN_OR_RETURN(*signature.mutable_key_id(), TextOf(from, "key_id"));
    ASSIGN_OR_RETURN(*signature.mutable_signature(),
                     BytesOf(from, "signature"));
  }
  ASSIGN_OR_RETURN(const auto openings, ObjectsOf(object, "openings"));
  for (const Struct& from : openings) {
    v1::Opening opening;
    ASSIGN_OR_RETURN(*opening.mutable_salt(), BytesOf(from, "salt"));
    ASSIGN_OR_RETURN(*opening.mutable_value(), BytesOf(from, "value"));
    pending.openings.push_back(std::move(opening));
  }
  RETURN_IF_ERROR(ReadCommand(pending.command).status());
  return pending;
}

const google::protobuf::FieldDescriptor* BodyField(const v1::Command& command) {
  const auto* const oneof = v1::Command::descriptor()->FindOneofByName("body");
  return v1::Command::GetReflection()->GetOneofFieldDescriptor(command, oneof);
}

}  // namespace

v1::Command StartCommand(const CommandStart& start) {
  v1::Command command;
  command.set_command_id(crypto::RandomBytes(limits::kCommandIdBytes));
  *command.mutable_issued_at() = start.now;
  *command.mutable_expires_at() = start.now;
  command.mutable_expires_at()->set_seconds(start.now.seconds() + start.life_s);
  command.set_actor(start.actor);
  command.set_version(start.version);
  return command;
}

absl::StatusOr<v1::SignedCommand> SignCommand(
    const v1::Command& command, absl::string_view origin,
    std::span<const crypto::PrivateKey> keys) {
  if (keys.empty()) {
    return absl::InvalidArgumentError("没有签名密钥 (no key to sign with)");
  }
  v1::SignedCommand signed_command;
  signed_command.set_command(registry::SerializeCanonical(command));
  for (const crypto::PrivateKey& key : keys) {
    const absl::Status added = AddSignature(origin, key, signed_command);
    if (absl::IsAlreadyExists(added)) {
      return absl::InvalidArgumentError(added.message());
    }
    RETURN_IF_ERROR(added);
  }
  return signed_command;
}

absl::Status AddSignature(absl::string_view origin,
                          const crypto::PrivateKey& key,
                          v1::SignedCommand& command) {
  auto& signatures = *command.mutable_signatures();
  const auto place =
      std::lower_bound(signatures.begin(), signatures.end(), key.KeyId(),
                       [](const v1::Signature& a, const std::string& b) {
                         return a.key_id() < b;
                       });
  if (place != signatures.end() && place->key_id() == key.KeyId()) {
    return absl::AlreadyExistsError(absl::StrCat(
        "此密钥已签名 (this key has signed already): ", key.KeyId()));
  }
  if (signatures.size() == static_cast<int>(limits::kSignaturesPerCommand)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "签名过多 (more than ", limits::kSignaturesPerCommand, " signatures)"));
  }
  ASSIGN_OR_RETURN(v1::Signature signature,
                   Sign(command.command(), origin, key));
  const auto position = place - signatures.begin();
  *signatures.Add() = std::move(signature);
  std::rotate(signatures.begin() + position, signatures.end() - 1,
              signatures.end());
  return absl::OkStatus();
}

v1::PublicKey KeyMessage(const crypto::PublicKey& key) {
  v1::PublicKey message;
  message.set_algorithm(static_cast<v1::KeyAlgorithm>(key.algorithm()));
  message.set_raw(key.raw_string());
  return message;
}

absl::StatusOr<v1::Command> ReadCommand(const v1::SignedCommand& command) {
  return registry::ParseCanonical<v1::Command>(command.command());
}

std::string BodyName(const v1::Command& command) {
  const auto* const field = BodyField(command);
  return field == nullptr ? "" : field->name();
}

std::string SubjectOf(const v1::Command& command) {
  const auto* const field = BodyField(command);
  if (field == nullptr) return "";
  const google::protobuf::Message& body =
      v1::Command::GetReflection()->GetMessage(command, field);
  for (const char* name :
       {"application_no", "draft_no", "objection_no", "attorney_no",
        "request_no", "revocation_no", "freeze_no", "licence_no",
        "certificate_number", "officer_id", "name"}) {
    const auto* const subject = body.GetDescriptor()->FindFieldByName(name);
    if (subject == nullptr) continue;
    std::string number = body.GetReflection()->GetString(body, subject);
    if (!number.empty()) return number;
  }
  return "";
}

std::string FormatCommandFile(const CommandFile& file) {
  std::string json = absl::StrCat("{\n  \"format\": ", kFileFormat,
                                  ",\n  \"origin\": ", Quoted(file.origin),
                                  ",\n  \"commands\": [\n");
  for (size_t i = 0; i < file.commands.size(); ++i) {
    if (i != 0) absl::StrAppend(&json, ",\n");
    AppendCommand(file.commands[i], json);
  }
  return json + "\n  ]\n}\n";
}

absl::StatusOr<CommandFile> ParseCommandFile(absl::string_view text) {
  Struct object;
  const std::string json(text);
  if (json.size() > limits::kCommandFileBytes) {
    return NotACommandFile("too large");
  }
  if (!google::protobuf::util::JsonStringToMessage(json, &object).ok()) {
    return NotACommandFile("no JSON object");
  }
  const auto format = object.fields().find("format");
  if (format == object.fields().end()) return NotACommandFile("no `format`");
  if (format->second.number_value() > kFileFormat) {
    return absl::UnimplementedError(
        "命令文件的格式版本更高，请升级 (a command file of a higher format: "
        "a newer dataip reads it)");
  }
  CommandFile file;
  ASSIGN_OR_RETURN(file.origin, TextOf(object, "origin"));
  ASSIGN_OR_RETURN(const auto commands, ObjectsOf(object, "commands"));
  if (commands.empty() || commands.size() > limits::kCommandsPerFile) {
    return NotACommandFile("no commands, or too many");
  }
  for (const Struct& from : commands) {
    ASSIGN_OR_RETURN(PendingCommand pending, PendingFrom(from));
    file.commands.push_back(std::move(pending));
  }
  // One spelling only: nothing can hide beside what was read.
  if (FormatCommandFile(file) != json) {
    return NotACommandFile("other names or another form than we write");
  }
  return file;
}

}  // namespace dataip::client
