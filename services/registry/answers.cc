#include "services/registry/answers.h"

#include <algorithm>
#include <string>

#include "core/registry/application/duplicates.h"

namespace dataip::registryd {
namespace {

void CutCosigners(const Caller& caller, const registry::State& state,
                  v1::CertificateRequest& request) {
  const v1::Certificate* certificate =
      registry::FindCertificate(state, request.certificate_number());
  if (certificate == nullptr ||
      !SeesEncumbrances(caller, state, *certificate)) {
    request.clear_cosigners();
  }
}

}  // namespace

void KeepKnownDuplicates(const Caller& caller, const registry::State& state,
                         v1::Application& shown) {
  if (!shown.has_duplicates() || SeesAll(caller, state)) return;
  registry::KeepKnown(
      [&](const std::string& number) {
        const v1::Application* other = registry::FindApplication(state, number);
        return other != nullptr &&
               (IsNoticed(*other) || SeesApplication(caller, state, *other));
      },
      *shown.mutable_duplicates());
}

bool TellsOfOthers(const v1::SubmitCommandResponse& answer) {
  return std::any_of(
      answer.events().begin(), answer.events().end(), [](const auto& event) {
        return event.has_application_submitted() || event.has_request_filed();
      });
}

void CutToReader(const Caller& caller, const registry::State& state,
                 v1::SubmitCommandResponse& answer) {
  for (v1::Event& event : *answer.mutable_events()) {
    if (event.has_application_submitted()) {
      KeepKnownDuplicates(
          caller, state,
          *event.mutable_application_submitted()->mutable_application());
    } else if (event.has_request_filed()) {
      CutCosigners(caller, state,
                   *event.mutable_request_filed()->mutable_request());
    }
  }
}

}  // namespace dataip::registryd
