#include "client/cli/commands.h"

namespace dataip::client {

std::vector<CommandSpec> AllCommands() {
  std::vector<CommandSpec> all;
  for (const auto& group : {KeysCommands(),
                            RegistryCommands(),
                            ErasureCommands(),
                            ClockCommands(),
                            ProfileCommands(),
                            CalendarCommands(),
                            PartyCommands(),
                            OfficerCommands(),
                            TrustCommands(),
                            ApplicationPrecheckCommands(),
                            ApplicationImportCommands(),
                            ApplicationFileCommands(),
                            ApplicationDraftCommands(),
                            ApplicationCommands(),
                            ApplicationCorrectCommands(),
                            ApplicationExpectedCommands(),
                            ReviewCommands(),
                            ReviewQueueCommands(),
                            SuspensionCommands(),
                            ObjectionCommands(),
                            ObjectionReviewCommands(),
                            AttorneyCommands(),
                            CommandCommands(),
                            CertificateCommands(),
                            CertificateLifeCommands(),
                            CertificateRequestCommands(),
                            CertificatePledgeCommands(),
                            CertificateDecisionCommands(),
                            CertificateOrderCommands(),
                            CertificateImportCommands(),
                            DataCommands(),
                            LicenceCommands(),
                            UsageCommands(),
                            ValueCommands(),
                            VerifyCommands(),
                            BundleCommands(),
                            FeedCommands(),
                            LedgerCommands()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace dataip::client
