// What a decision over many applications shares: its items, and the rule of
// the single command asked for each of them. For batches.cc.
#pragma once

#include <functional>

#include "core/base/limits.h"
#include "core/registry/state/case.h"
#include "dataip/registry/v1/batch.pb.h"

namespace dataip::registry {

// A registration sets one key of the map, and a batch is one entry.
static_assert(limits::kItemsPerBatch <= limits::kUpdatesPerEntry);

using BatchItems = google::protobuf::RepeatedPtrField<v1::BatchItem>;

// A batch of commands that each could have been given alone.
struct Batch {
  const BatchItems& items;
  // The rule of the single command.
  Decision (*decide)(const Case&);
  // Sets the single command's body; all else of it is set already.
  std::function<void(int index, v1::Command& single)> set_body;
  // The field of the batch that holds what the single command has as `field`,
  // where it is neither its number nor its version. May be empty: the same.
  std::function<std::string(int index, const std::string& field)> field_of;
};

// `version` is 0; 1 to limits::kItemsPerBatch items, numbers ascending.
MaybeRefusal CheckItems(const Case& a_case, const BatchItems& items);

// All or nothing. BatchDecided, then the events of each item in order, under
// the profile of its own application. A refusal is that of the first item that
// is refused; its messages name the item, its fields are those of the batch.
Decision DecideBatch(const Case& a_case, const Batch& batch);

}  // namespace dataip::registry
