// Words for what stands beside an application: drafts, powers of attorney,
// objections, proceedings, queues, tiers of disclosure.
//
// Pure functions; an unknown number is shown as the number. Parsers take the
// enum's names as enum_words.h does, without the prefixes that all share.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/output.h"
#include "dataip/registry/v1/attorney.pb.h"
#include "dataip/registry/v1/disclosure.pb.h"
#include "dataip/registry/v1/objection.pb.h"
#include "dataip/registry/v1/queue_queries.pb.h"

namespace dataip::client {

std::string LabelOf(registry::v1::ObjectionState state);
std::string LabelOf(registry::v1::ObjectionRight right);
std::string LabelOf(registry::v1::ProceedingsKind kind);
std::string LabelOf(registry::v1::AttorneyAct act);
std::string LabelOf(registry::v1::DisclosureTier tier);
std::string LabelOf(registry::v1::QueueStep step);
// "绿", "黄", "红"; "" without a deadline.
std::string LabelOf(registry::v1::DueLight light);

// `filed`, `answered`.
absl::StatusOr<registry::v1::ObjectionState> ParseObjectionState(
    absl::string_view word);
// `ownership`, `trade-secret`.
absl::StatusOr<registry::v1::ObjectionRight> ParseObjectionRight(
    absl::string_view word);
// `suit`.
absl::StatusOr<registry::v1::ProceedingsKind> ParseProceedingsKind(
    absl::string_view word);
// `file`, `correct`.
absl::StatusOr<registry::v1::AttorneyAct> ParseAttorneyAct(
    absl::string_view word);
// `public`, `examiner`, `sealed`.
absl::StatusOr<registry::v1::DisclosureTier> ParseDisclosureTier(
    absl::string_view word);

// "3 天 4 小时"; "不足 1 小时" for less.
std::string SpanText(int64_t span_ms);

// Lines of a queue, whoever asked for them, narrow enough for a terminal: the
// three durations, and names in full, are in the JSON only.
Table QueueTable(const std::vector<registry::v1::QueueLine>& lines);

}  // namespace dataip::client
