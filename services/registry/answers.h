// What the actor of a command is told of its events: no more than it may read.
// The ledger keeps them whole.
#pragma once

#include "core/registry/state/state.h"
#include "dataip/registry/v1/registry_service.pb.h"
#include "services/registry/caller.h"

namespace dataip::registryd {

// Of what an application resembles those that the caller may know: all for
// officers, for others its own and those that had their public notice.
void KeepKnownDuplicates(const Caller& caller, const registry::State& state,
                         v1::Application& shown);

// Whether CutToReader may find something to cut.
bool TellsOfOthers(const v1::SubmitCommandResponse& answer);

// The answer to a command of `caller`: duplicates as above; of a request for a
// certificate not who must consent, unless the caller reads the encumbrances
// of the certificate.
void CutToReader(const Caller& caller, const registry::State& state,
                 v1::SubmitCommandResponse& answer);

}  // namespace dataip::registryd
