// Between the messages of dataip.ledger.v1 and the ledger's own values.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/ledger/eraser.h"
#include "services/ledger/proofs.h"
#include "services/ledger/sequencer.h"
#include "services/ledger/states.h"
#include "services/ledger/store.h"

namespace dataip::ledger {

using HashField = google::protobuf::RepeatedPtrField<std::string>;

// INVALID_ARGUMENT with the field: instance_id, expected_leaf_hash.
absl::StatusOr<ExpectedTail> ReadExpected(const v1::OpenWriterRequest& request);

// INVALID_ARGUMENT with the field: too many keys or indices, a bad key.
absl::StatusOr<ProofsWanted> ReadWanted(
    const v1::GetStateProofRequest& request);

// INVALID_ARGUMENT with the field: no payload or too many, indices out of
// order, a digest that is not 32 bytes.
absl::StatusOr<ErasureRequest> ReadErasure(
    const v1::ErasePayloadRequest& request);

void AddPath(const proof::Path& path, HashField* field);
void FillEntry(uint64_t index, std::string_view header, v1::Entry* entry);
void FillPayload(const EntryView& stored, bool may_read, v1::Entry* entry);
void FillCheckpoint(const State& state, v1::Checkpoint* checkpoint);
v1::AppendResponse ToResponse(uint64_t sequence, Receipt receipt);

// Proves what is wanted at `state`; fails as Proofs::Prove does.
absl::Status FillStateProof(const Proofs& proofs, const State& state,
                            const ProofsWanted& wanted,
                            v1::GetStateProofResponse* response);

}  // namespace dataip::ledger
