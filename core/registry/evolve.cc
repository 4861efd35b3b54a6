#include "core/registry/evolve.h"

#include "core/registry/application/rules.h"
#include "core/registry/certificate/rules.h"
#include "core/registry/erasure/rules.h"
#include "core/registry/licence/rules.h"
#include "core/registry/objection/rules.h"
#include "core/registry/party/rules.h"
#include "core/registry/request/rules.h"
#include "core/registry/rules.h"
#include "core/registry/state/deadlines.h"
#include "core/registry/state/time_spent.h"
#include "core/registry/values/civil_date.h"

namespace dataip::registry {
namespace {

struct Step {
  v1::Event::EventCase event;
  void (*evolve)(State&, const v1::Event&);
};

constexpr Step kSteps[] = {
    {v1::Event::kRegistryOpened, EvolveRegistryOpened},
    {v1::Event::kTableLoaded, EvolveTableLoaded},
    {v1::Event::kProfileAdopted, EvolveProfileAdopted},
    {v1::Event::kDeadlinesRecomputed, EvolveDeadlinesRecomputed},
    {v1::Event::kOfficerRegistered, EvolveOfficerRegistered},
    {v1::Event::kPartyRegistered, EvolvePartyRegistered},
    {v1::Event::kKeyEnrolled, EvolveKeyEnrolled},
    {v1::Event::kClockAdvanced, EvolveClockAdvanced},
    {v1::Event::kPayloadErased, EvolvePayloadErased},
    {v1::Event::kFieldDisclosed, EvolveFieldDisclosed},
    {v1::Event::kOpeningsErased, EvolveOpeningsErased},
    {v1::Event::kApplicationSubmitted, EvolveApplicationSubmitted},
    {v1::Event::kCorrectionRequested, EvolveCorrectionRequested},
    {v1::Event::kCorrectionFiled, EvolveCorrectionFiled},
    {v1::Event::kDeemedWithdrawn, EvolveDeemedWithdrawn},
    {v1::Event::kApplicationWithdrawn, EvolveApplicationWithdrawn},
    {v1::Event::kApplicationRefused, EvolveApplicationRefused},
    {v1::Event::kNoticeOpened, EvolveNoticeOpened},
    {v1::Event::kApplicationRegistered, EvolveApplicationRegistered},
    {v1::Event::kBatchDecided, EvolveBatchDecided},
    {v1::Event::kApplicationClaimed, EvolveApplicationClaimed},
    {v1::Event::kApplicationReleased, EvolveApplicationReleased},
    {v1::Event::kAttorneyGranted, EvolveAttorneyGranted},
    {v1::Event::kAttorneyRevoked, EvolveAttorneyRevoked},
    {v1::Event::kApplicationPrepared, EvolveApplicationPrepared},
    {v1::Event::kApplicationCosigned, EvolveApplicationCosigned},
    {v1::Event::kDraftDiscarded, EvolveDraftDiscarded},
    {v1::Event::kOpinionRecorded, EvolveOpinionRecorded},
    {v1::Event::kObjectionFiled, EvolveObjectionFiled},
    {v1::Event::kObjectionAccepted, EvolveObjectionAccepted},
    {v1::Event::kObjectionRejected, EvolveObjectionRejected},
    {v1::Event::kObjectionForwarded, EvolveObjectionForwarded},
    {v1::Event::kObjectionAnswered, EvolveObjectionAnswered},
    {v1::Event::kObjectionUpheld, EvolveObjectionUpheld},
    {v1::Event::kReplyDefaulted, EvolveReplyDefaulted},
    {v1::Event::kObjectionDismissed, EvolveObjectionDismissed},
    {v1::Event::kObjectionWithdrawn, EvolveObjectionWithdrawn},
    {v1::Event::kNoticeResumed, EvolveNoticeResumed},
    {v1::Event::kProceedingsSuspended, EvolveProceedingsSuspended},
    {v1::Event::kProceedingsResumed, EvolveProceedingsResumed},
    {v1::Event::kCertificateIssued, EvolveCertificateIssued},
    {v1::Event::kCertificateAnnounced, EvolveCertificateAnnounced},
    {v1::Event::kStatusChanged, EvolveStatusChanged},
    {v1::Event::kLicenceFiled, EvolveLicenceFiled},
    {v1::Event::kUsageRecorded, EvolveUsageRecorded},
    {v1::Event::kLicenceConfirmed, EvolveLicenceConfirmed},
    {v1::Event::kLicenceChanged, EvolveLicenceChanged},
    {v1::Event::kLicenceEnded, EvolveLicenceEnded},
    {v1::Event::kRequestFiled, EvolveRequestFiled},
    {v1::Event::kRequestCosigned, EvolveRequestCosigned},
    {v1::Event::kRequestWithdrawn, EvolveRequestWithdrawn},
    {v1::Event::kRequestRefused, EvolveRequestRefused},
    {v1::Event::kRequestGranted, EvolveRequestGranted},
    {v1::Event::kPledgeRegistered, EvolvePledgeRegistered},
    {v1::Event::kPledgeChanged, EvolvePledgeChanged},
    {v1::Event::kPledgeReleased, EvolvePledgeReleased},
    {v1::Event::kCertificateExpired, EvolveCertificateExpired},
    {v1::Event::kRevocationOpened, EvolveRevocationOpened},
    {v1::Event::kRevocationHeard, EvolveRevocationHeard},
    {v1::Event::kCertificateRevoked, EvolveCertificateRevoked},
    {v1::Event::kRevocationDropped, EvolveRevocationDropped},
    {v1::Event::kCertificateFrozen, EvolveCertificateFrozen},
    {v1::Event::kFreezeReleased, EvolveFreezeReleased},
    {v1::Event::kCertificateCorrected, EvolveCertificateCorrected},
    {v1::Event::kCertificateImported, EvolveCertificateImported},
};

template <typename Events>
void FoldAll(State& state, const v1::Command& command,
             const hash::Hash& command_sha256, const v1::Context& context,
             const Events& events) {
  state.last_decided_at_ms =
      ToUnixMs(context.decided_at()).value_or(state.last_decided_at_ms);
  for (const v1::Event& event : events) Evolve(state, event);
  state.commands.Put(command.actor(), command.command_id(), command_sha256);
}

}  // namespace

void Evolve(State& state, const v1::Event& event) {
  for (const Step& step : kSteps) {
    if (step.event != event.event_case()) continue;
    step.evolve(state, event);
    CountTime(state, event);
    KeepDeadlines(state, event);
    return;
  }
}

void Fold(State& state, const v1::Command& command,
          const hash::Hash& command_sha256, const v1::Context& context,
          const std::vector<v1::Event>& events) {
  FoldAll(state, command, command_sha256, context, events);
}

void Fold(State& state, const v1::Command& command,
          const hash::Hash& command_sha256, const v1::Context& context,
          const google::protobuf::RepeatedPtrField<v1::Event>& events) {
  FoldAll(state, command, command_sha256, context, events);
}

}  // namespace dataip::registry
