// Drafts, objections and powers of attorney as people read them.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <string>
#include <vector>

#include "client/cli/output.h"
#include "dataip/registry/v1/attorney.pb.h"
#include "dataip/registry/v1/draft.pb.h"
#include "dataip/registry/v1/objection.pb.h"

namespace dataip::client {

// The form, its digest, who has signed it and who is awaited.
Record DraftRecord(const registry::v1::Draft& draft);
Table DraftTable(const std::vector<registry::v1::Draft>& drafts);
// The applicants that have not signed, without the primary one.
std::vector<std::string> AwaitedIn(const registry::v1::Draft& draft);

Record ObjectionRecord(const registry::v1::Objection& objection);
Table ObjectionTable(const std::vector<registry::v1::Objection>& objections);
// Right, fields, statement, interest and evidence.
void AppendClaim(const registry::v1::ObjectionClaim& claim, Record& record);
// Kind, authority, case, day and document.
void AppendProceedings(const registry::v1::Proceedings& proceedings,
                       Record& record);

Table AttorneyTable(const std::vector<registry::v1::PowerOfAttorney>& powers);
std::string ActLines(const google::protobuf::RepeatedField<int>& acts);
// "全部" when there are none.
std::string ObjectsText(
    const google::protobuf::RepeatedPtrField<std::string>& objects);

// A line for each file.
std::string FileLines(
    const google::protobuf::RepeatedPtrField<registry::v1::FileCommitment>&
        files);

}  // namespace dataip::client
