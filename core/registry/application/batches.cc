// One decision over many applications that are nearly the same (rules 5.2 G8).
#include <map>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/limits.h"
#include "core/registry/application/batch_items.h"
#include "core/registry/application/rules.h"

namespace dataip::registry {
namespace {

// Application number -> place among the exceptions.
using Exceptions = std::map<std::string, int>;

Refusal WrongException(int index, absl::string_view zh, absl::string_view en) {
  return Refuse(rpc::v1::INVALID_FIELD,
                {absl::StrCat("exceptions[", index, "].application_no"),
                 "BATCH", std::string(zh), std::string(en), ""});
}

Exceptions ExceptionsOf(const v1::RequestCorrections& body) {
  Exceptions exceptions;
  for (int i = 0; i < body.exceptions_size(); ++i) {
    exceptions.emplace(body.exceptions(i).application_no(), i);
  }
  return exceptions;
}

MaybeRefusal CheckExceptions(const v1::RequestCorrections& body) {
  int item = 0;
  int64_t defects = int64_t{body.items_size()} * body.defects_size();
  for (int i = 0; i < body.exceptions_size(); ++i) {
    const v1::ItemDefects& exception = body.exceptions(i);
    const std::string& number = exception.application_no();
    if (i > 0 && number <= body.exceptions(i - 1).application_no()) {
      return WrongException(i, "单列的申请重复或未按编号升序排列，请修改",
                            "exceptions go by number, each once; sort them");
    }
    while (item < body.items_size() &&
           body.items(item).application_no() < number) {
      ++item;
    }
    if (item == body.items_size() ||
        body.items(item).application_no() != number ||
        exception.defects().empty()) {
      return WrongException(
          i, absl::StrCat("申请 ", number, " 不在本批或未写明意见，请删去"),
          absl::StrCat("application ", number,
                       " is not of the batch, or has no defect of its own; "
                       "remove it"));
    }
    defects += exception.defects_size();
  }
  if (defects <= limits::kDefectsPerBatch) return std::nullopt;
  return Refuse(
      rpc::v1::INVALID_FIELD,
      {"defects", "BATCH",
       absl::StrCat("一批的补正意见合计不超过 ", limits::kDefectsPerBatch,
                    " 条，请分批提出"),
       absl::StrCat("the items of a batch have at most ",
                    limits::kDefectsPerBatch, " defects together; split it"),
       ""});
}

// `defects[4].reason` of an item whose batch has three is the second of its
// exception's.
std::string FieldOfDefect(const std::string& field, int shared, int exception) {
  absl::string_view rest = field;
  const size_t end = rest.find(']');
  int place = 0;
  if (!absl::ConsumePrefix(&rest, "defects[") ||
      end == absl::string_view::npos ||
      !absl::SimpleAtoi(field.substr(8, end - 8), &place) || place < shared) {
    return field;
  }
  return absl::StrCat("exceptions[", exception, "].defects[", place - shared,
                      field.substr(end));
}

}  // namespace

Decision DecideRequestCorrections(const Case& a_case) {
  const v1::RequestCorrections& body = a_case.command.request_corrections();
  RETURN_IF_REFUSED(CheckItems(a_case, body.items()));
  RETURN_IF_REFUSED(CheckExceptions(body));
  const Exceptions exceptions = ExceptionsOf(body);
  const auto exception_of = [&body, &exceptions](int index) {
    const auto found = exceptions.find(body.items(index).application_no());
    return found == exceptions.end() ? -1 : found->second;
  };
  return DecideBatch(
      a_case,
      {body.items(), DecideRequestCorrection,
       [&body, &exception_of](int index, v1::Command& single) {
         v1::RequestCorrection* one = single.mutable_request_correction();
         one->set_application_no(body.items(index).application_no());
         *one->mutable_defects() = body.defects();
         const int exception = exception_of(index);
         if (exception < 0) return;
         one->mutable_defects()->MergeFrom(
             body.exceptions(exception).defects());
       },
       [&body, &exception_of](int index, const std::string& field) {
         return FieldOfDefect(field, body.defects_size(), exception_of(index));
       }});
}

Decision DecideOpenNotices(const Case& a_case) {
  const v1::OpenNotices& body = a_case.command.open_notices();
  return DecideBatch(
      a_case, {body.items(), DecideOpenNotice,
               [&body](int index, v1::Command& single) {
                 v1::OpenNotice* one = single.mutable_open_notice();
                 one->set_application_no(body.items(index).application_no());
                 *one->mutable_checklist() = body.checklist();
               },
               nullptr});
}

Decision DecideRegisterApplications(const Case& a_case) {
  const v1::RegisterApplications& body = a_case.command.register_applications();
  return DecideBatch(
      a_case, {body.items(), DecideRegisterApplication,
               [&body](int index, v1::Command& single) {
                 single.mutable_register_application()->set_application_no(
                     body.items(index).application_no());
               },
               nullptr});
}

}  // namespace dataip::registry
