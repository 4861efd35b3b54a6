// What a signer reads of the body of a command: every field that matters, in
// words. Each of these knows some bodies, appends their lines and says whether
// it knew the command's; what none knows is shown as JSON (command_view.h).
#pragma once

#include "client/cli/output.h"
#include "dataip/registry/v1/command.pb.h"

namespace dataip::client {

// Drafts, powers of attorney, the queue, batches, opinions, tiers.
bool AppendCaseBody(const registry::v1::Command& command, Record& record);

// Objections and proceedings.
bool AppendObjectionBody(const registry::v1::Command& command, Record& record);

// Requests for certificates, orders on them, licences.
bool AppendCertificateBody(const registry::v1::Command& command,
                           Record& record);

// The form with its name and applicants, as those who sign it read it.
void AppendSignedForm(const registry::v1::ApplicationForm& form,
                      Record& record);

}  // namespace dataip::client
