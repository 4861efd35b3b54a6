// What the rules of objections and of suspension share (rules 2.3, T9 to
// T13b).
//
// The notice stands still while an accepted objection is open or the case is
// suspended: `remaining_notice_days` of the application says what is still to
// run, at least one day if it was not over. The days run on, from the day
// after, when no objection is open any more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "core/registry/state/case.h"

namespace dataip::registry {

// The ground of every refusal that comes of an objection.
inline constexpr char kGroundOfObjection[] = "R12";

// `已受理` and so on.
absl::string_view StateNameZh(v1::ObjectionState state);

// The objection exists, has the command's version and is in one of the states,
// and its case is not suspended.
MaybeRefusal CheckObjection(const Case& a_case, const std::string& objection_no,
                            absl::string_view rule,
                            std::initializer_list<v1::ObjectionState> in);

// As many working days from today as the profile says.
v1::Deadline DeadlineOf(const Case& a_case, absl::string_view key);

// Working days of the notice that are still to run: 0 when it is over, else at
// least 1.
uint32_t NoticeDaysLeft(const Case& a_case, const v1::Application& application);
// The days left from today, never to an earlier day than before; the old
// deadline when it was over.
v1::Deadline NoticeFromToday(const Case& a_case,
                             const v1::Application& application);

// Adds NoticeResumed when `objection_no` is the last open one of a case whose
// notice stands still for objections.
void ResumeNoticeAfter(const Case& a_case, const v1::Objection& objection,
                       Events& events);

// Kind, media type, size and digest of each file.
MaybeRefusal CheckFiles(
    absl::string_view list,
    const google::protobuf::RepeatedPtrField<v1::FileCommitment>& files);

}  // namespace dataip::registry
