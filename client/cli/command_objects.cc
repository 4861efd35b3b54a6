#include "client/cli/command_objects.h"

#include "client/cli/certificate_view.h"
#include "client/cli/certificate_words.h"
#include "client/command.h"
#include "client/registry_client.h"
#include "core/base/status_macros.h"
#include "core/registry/decide.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

// Requests, which a grant names by their number only, and what orders end.
void AddObject(RegistryClient& registry, const std::string& subject,
               CommandSurroundings& known) {
  if (subject.empty() || known.objects.count(subject) != 0) return;
  if (subject[0] == 'Q') {
    const auto found = registry.GetRequest(subject);
    if (!found.ok()) return;
    Record record = {{"证书编号", found->request().certificate_number()},
                     {"请求人", found->request().requester()}};
    AppendRequestBody(found->request().body(), record);
    known.objects[subject] = std::move(record);
  } else if (subject[0] == 'V') {
    const auto found = FindRevocation(registry, subject);
    if (found.ok())
      known.objects[subject] = {{"撤销案", RevocationText(*found)}};
  } else if (subject[0] == 'F') {
    const auto found = FindFreeze(registry, subject);
    if (found.ok()) known.objects[subject] = {{"冻结", FreezeText(*found)}};
  }
}

void AddCertificateName(RegistryClient& registry, const std::string& number,
                        CommandSurroundings& known) {
  if (number.empty() || known.names.count(number) != 0) return;
  const auto found = registry.GetCertificate(number);
  if (found.ok()) {
    known.names[number] = found->certificate().content().name();
  }
}

// The certificate that the body names; empty when it names none.
std::string CertificateOf(const v1::Command& command) {
  switch (command.body_case()) {
    case v1::Command::kFileRequest:
    case v1::Command::kOpenRevocation:
    case v1::Command::kFreezeCertificate:
    case v1::Command::kCorrectCertificate:
    case v1::Command::kFileLicence:
      return SubjectOf(command);
    default:
      return "";
  }
}

}  // namespace

void AddObjects(RegistryClient& registry,
                const std::vector<v1::Command>& commands,
                CommandSurroundings& known) {
  for (const v1::Command& command : commands) {
    AddObject(registry, SubjectOf(command), known);
    AddCertificateName(registry, CertificateOf(command), known);
    const auto consents = ConsentsFor(registry, command);
    if (!consents.ok() || consents->empty()) continue;
    known.consents[SubjectOf(command)] = *consents;
  }
}

absl::StatusOr<std::set<std::string>> ConsentsFor(RegistryClient& registry,
                                                  const v1::Command& command) {
  std::set<std::string> parties;
  if (!registry::TakesConsents(command)) return parties;
  std::string certificate = command.file_licence().certificate_number();
  if (command.has_change_licence()) {
    ASSIGN_OR_RETURN(
        const auto found,
        registry.GetLicence(command.change_licence().licence_no()));
    const v1::Licence& licence = found.licence();
    certificate = licence.certificate_number();
    if (licence.confirmed_at_ms() != 0) parties.insert(licence.licensee());
  }
  ASSIGN_OR_RETURN(const auto found, registry.GetEncumbrances(certificate));
  for (const v1::Pledge& pledge : found.pledges()) {
    parties.insert(pledge.pledgee());
  }
  return parties;
}

}  // namespace dataip::client
