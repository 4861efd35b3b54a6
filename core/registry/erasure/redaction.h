// What may stand in for an erased transition, and how it is made of the
// original (formats 6): the same events with texts taken out, no signed
// command body, no salt.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/hash/hash.h"
#include "core/proof/header.h"
#include "core/registry/state/header_of.h"
#include "core/registry/state/state.h"
#include "dataip/registry/v1/command.pb.h"
#include "dataip/registry/v1/transition.pb.h"

namespace dataip::registry {

// The only text that a redaction puts in place of another one, so that an
// order can take words out and put none into anybody's mouth.
inline constexpr char kErasedText[] = "［已依法删除］";

// A substitute, read.
struct Substitute {
  v1::Transition transition;
  v1::Command command;  // without a body
  hash::Hash command_sha256;
  EntryParts parts;  // of its events
};

// INVALID_ARGUMENT says what is wrong: over 1 MiB, not a canonical Transition,
// a salt (it would let the erased payload be guessed), signatures, a command
// that is not canonical, has a body, no id of 16 bytes or no actor, a time of
// decision that is not in milliseconds, no event, an event that every later
// one hangs on (a registry opened, a table, a clock) or another order, events
// that make no header.
absl::StatusOr<Substitute> ParseSubstitute(const std::string& bytes);

// Type, stream and updates of the substitute are the header's.
bool FitsHeader(const Substitute& substitute, const proof::EntryHeader& header);

// INVALID_ARGUMENT with the first difference unless `substitute` says what
// `original` says but for redactable texts of its events (redaction_words.h),
// each of which became kErasedText: context, certificate signatures, numbers,
// dates, codes and all else are equal, and so are actor, command id, times and
// version of the command.
absl::Status CheckRedaction(const v1::Transition& original,
                            const v1::Transition& substitute);

// `original` without command body, signatures and salt, and with each text
// that `paths` name taken out, e.g.
// `events[0].application_submitted.application.form.name`; a path to a list or
// a message takes out every redactable text in it. INVALID_ARGUMENT for a path
// that names no such text that is there, or when no substitute can stand for
// the original.
absl::StatusOr<v1::Transition> Redact(const v1::Transition& original,
                                      const std::vector<std::string>& paths);

// Folds what the substitute says, as Fold does.
void FoldSubstitute(State& state, const Substitute& substitute);

// Where `substitute` has kErasedText and `original` something else, in order.
struct RedactedText {
  std::string path;
  std::string text;  // the original's
};
std::vector<RedactedText> RedactedTexts(const v1::Transition& original,
                                        const v1::Transition& substitute);

}  // namespace dataip::registry
