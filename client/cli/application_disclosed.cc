// Disclosed values of application_view.h.
#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/cli/application_view.h"
#include "client/cli/labels.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "core/crypto/command_signature.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

std::string CommitmentOf(const v1::Application& application,
                         const std::string& path) {
  for (const v1::SealedField& sealed : application.form().sealed()) {
    if (sealed.field() == path) return sealed.value().digest();
  }
  return "";
}

std::string DisclosedText(const DisclosedValue& one) {
  return absl::StrCat(one.field, "：", one.opening.value(), "\n  盐 ",
                      HexOf(one.opening.salt()), "\n  承诺 ",
                      HexOf(one.commitment), "（相符）");
}

}  // namespace

absl::StatusOr<std::vector<DisclosedValue>> DisclosedValues(
    RegistryClient& registry, const v1::Application& application) {
  std::vector<DisclosedValue> values;
  for (const std::string& path : application.disclosed_fields()) {
    auto found = registry.Download({application.application_no(),
                                    absl::StrCat("disclosed/", path), 0, ""});
    if (absl::IsNotFound(found.status())) continue;  // ordered erased since
    RETURN_IF_ERROR(found.status());
    DisclosedValue one{path, {}, CommitmentOf(application, path)};
    one.opening.set_salt(found->salt);
    one.opening.set_value(found->content);
    if (crypto::OpeningCommitment(hash::AsBytes(found->salt),
                                  hash::AsBytes(found->content))
            .text() != one.commitment) {
      return absl::DataLossError(absl::StrCat(
          "已公开内容与其承诺不符 (the disclosed value is not what its "
          "commitment was made of): ",
          path));
    }
    values.push_back(std::move(one));
  }
  return values;
}

void AppendDisclosed(const std::vector<DisclosedValue>& values,
                     Record& record) {
  if (values.empty()) return;
  const std::string texts =
      absl::StrJoin(values, "\n", [](std::string* out, const auto& one) {
        out->append(DisclosedText(one));
      });
  for (auto& line : record) {
    if (line.first == "已公开内容") line.second = texts;
  }
}

std::string ApplicationJson(const v1::GetApplicationResponse& response,
                            const std::vector<DisclosedValue>& values) {
  std::string json = ToJson(response);
  if (values.empty()) return json;
  std::vector<std::string> items;
  for (const DisclosedValue& one : values) {
    items.push_back(absl::StrCat(
        "{\"field\":", JsonString(one.field), ",\"opening\":",
        ToJson(one.opening), ",\"text\":", JsonString(one.opening.value()),
        ",\"commitment\":", JsonString(absl::Base64Escape(one.commitment)),
        "}"));
  }
  json.insert(json.rfind('}'),
              absl::StrCat(",\"disclosed\":", JsonArray(items)));
  return json;
}

}  // namespace dataip::client
