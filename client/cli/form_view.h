// A registration form as people read it.
#pragma once

#include <string>

#include "client/cli/output.h"
#include "dataip/registry/v1/application_form.pb.h"

namespace dataip::client {

// Who reads: the parties and officers see the whole form, others what the
// registry shows to everybody (rules 5.4).
enum class FormReader { kWhole, kPublic };

// By the form itself: only a whole one has the applicant's reference.
FormReader ReaderOf(const registry::v1::ApplicationForm& form);

// A line for each applicant: number, whether it is the primary one, its share.
std::string ApplicantLines(const registry::v1::ApplicationForm& form);

// "文件 evidence（application/pdf，1024 字节）".
std::string FileText(const registry::v1::FileCommitment& file);

// Appends every part of the form but its name and applicants. What a public
// reader does not get is "未公开"; what a whole form leaves empty is left out.
void AppendForm(const registry::v1::ApplicationForm& form, FormReader reader,
                Record& record);

}  // namespace dataip::client
