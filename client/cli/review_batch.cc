#include "client/cli/review_batch.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "client/cli/decision.h"
#include "client/in_flight.h"
#include "client/registry_client.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "core/registry/application/batch_items.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {
namespace {

namespace v1 = registry::v1;

constexpr size_t kMost = limits::kItemsPerBatch;

// Items of one batch, in order of number.
using Items = std::vector<v1::BatchItem>;
// What a batch is called in messages -> its items.
using Batches = std::map<std::string, Items>;

absl::StatusOr<Items> ReadItems(Invocation& invocation) {
  ASSIGN_OR_RETURN(const auto words, invocation.WordsOrStdin());
  ASSIGN_OR_RETURN(RegistryClient* const registry, invocation.Registry());
  const std::set<std::string> numbers(words.begin(), words.end());
  Items items;
  for (const std::string& number : numbers) {
    items.emplace_back().set_application_no(number);
  }
  std::vector<absl::Status> found(items.size());
  ForEachInFlight(items.size(), kCommandsInFlight, [&](size_t i) {
    const auto response = registry->GetApplication(items[i].application_no());
    found[i] = response.status();
    if (!response.ok()) return false;
    items[i].set_version(response->application().version());
    return true;
  });
  for (const absl::Status& status : found) RETURN_IF_ERROR(status);
  return items;
}

// The name sorts as the batches do.
Batches Cut(Invocation& invocation, const Items& items) {
  Batches batches;
  for (size_t from = 0; from < items.size(); from += kMost) {
    const size_t end = std::min(items.size(), from + kMost);
    const std::string name =
        end - from == 1 ? items[from].application_no()
                        : absl::StrCat(items[from].application_no(), "..",
                                       items[end - 1].application_no());
    batches[name] = Items(items.begin() + static_cast<std::ptrdiff_t>(from),
                          items.begin() + static_cast<std::ptrdiff_t>(end));
  }
  if (batches.size() > 1 && !invocation.json()) {
    invocation.Say(absl::StrCat(
        "共 ", items.size(), " 件，每批至多 ", kMost, " 件，分为 ",
        batches.size(), " 批，每批整体成立或整体不成立 (", items.size(),
        " applications in ", batches.size(), " batches of at most ", kMost,
        "; each is decided whole or not at all)"));
  }
  return batches;
}

std::vector<std::string> NamesOf(const Batches& batches) {
  std::vector<std::string> names;
  for (const auto& [name, items] : batches) names.push_back(name);
  return names;
}

void CopyItems(const Items& items,
               google::protobuf::RepeatedPtrField<v1::BatchItem>* out) {
  for (const v1::BatchItem& item : items) *out->Add() = item;
}

using Fill = std::function<void(const Items& items, v1::Command& command)>;

Act ActOf(const Batches& batches, Fill fill) {
  return {NoVersion(), [&batches, fill = std::move(fill)](
                           const std::string& name, v1::Command& command) {
            fill(batches.at(name), command);
          }};
}

absl::StatusOr<int> DecideInBatches(Invocation& invocation, Fill fill,
                                    bool in_order = false) {
  ASSIGN_OR_RETURN(const Items items, ReadItems(invocation));
  const Batches batches = Cut(invocation, items);
  Act act = ActOf(batches, std::move(fill));
  act.in_order = in_order;
  return ActByTwoOfficers(invocation, act, NamesOf(batches));
}

using Exceptions = std::map<std::string, std::vector<v1::Defect>>;

absl::StatusOr<Exceptions> ExceptionsOf(const Invocation& invocation,
                                        const Items& items) {
  Exceptions exceptions;
  for (const std::string& text : invocation.List("--except")) {
    ASSIGN_OR_RETURN(auto exception, ParseException(text));
    const bool known =
        std::any_of(items.begin(), items.end(), [&](const v1::BatchItem& item) {
          return item.application_no() == exception.first;
        });
    if (!known) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--except 的申请 ", exception.first, " 不在本批 (", exception.first,
          " is not among the applications of the batch)"));
    }
    exceptions[exception.first].push_back(std::move(exception.second));
  }
  return exceptions;
}

}  // namespace

FlagRule BatchFlag() {
  return {.name = "--batch",
          .help =
              "decides all of them by one command, whole or not at all; "
              "more than 120 by several"};
}

FlagRule ExceptFlag() {
  return {.name = "--except",
          .value = "NO=PATH:REASON",
          .help =
              "of a batch: a defect of this application only, besides "
              "those of all",
          .repeatable = true};
}

absl::StatusOr<std::pair<std::string, v1::Defect>> ParseException(
    const std::string& text) {
  const size_t equals = text.find('=');
  const size_t colon =
      text.find(':', equals == std::string::npos ? text.size() : equals);
  if (equals == std::string::npos || equals == 0 ||
      colon == std::string::npos || colon == equals + 1 ||
      colon + 1 == text.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--except 应为 申请号=字段:理由 (NO=PATH:REASON, e.g. "
                     "20240000001=fields[3].meaning:含义不清): ",
                     text));
  }
  v1::Defect defect;
  defect.set_field(text.substr(equals + 1, colon - equals - 1));
  defect.set_reason(text.substr(colon + 1));
  return std::make_pair(text.substr(0, equals), std::move(defect));
}

absl::StatusOr<int> OpenNoticesInBatches(Invocation& invocation,
                                         const v1::Checklist& checklist) {
  return DecideInBatches(
      invocation, [checklist](const Items& items, v1::Command& command) {
        v1::OpenNotices& body = *command.mutable_open_notices();
        CopyItems(items, body.mutable_items());
        *body.mutable_checklist() = checklist;
      });
}

absl::StatusOr<int> RegisterInBatches(Invocation& invocation) {
  return DecideInBatches(
      invocation,
      [](const Items& items, v1::Command& command) {
        CopyItems(items,
                  command.mutable_register_applications()->mutable_items());
      },
      invocation.Switch("--in-order"));
}

absl::StatusOr<int> CorrectInBatches(Invocation& invocation,
                                     const std::vector<v1::Defect>& defects) {
  ASSIGN_OR_RETURN(const Items items, ReadItems(invocation));
  ASSIGN_OR_RETURN(const Exceptions exceptions,
                   ExceptionsOf(invocation, items));
  const Batches batches = Cut(invocation, items);
  const Fill fill = [&](const Items& some, v1::Command& command) {
    v1::RequestCorrections& body = *command.mutable_request_corrections();
    CopyItems(some, body.mutable_items());
    for (const v1::Defect& defect : defects) *body.add_defects() = defect;
    for (const v1::BatchItem& item : some) {
      const auto found = exceptions.find(item.application_no());
      if (found == exceptions.end()) continue;
      v1::ItemDefects& own = *body.add_exceptions();
      own.set_application_no(item.application_no());
      for (const v1::Defect& defect : found->second) {
        *own.add_defects() = defect;
      }
    }
  };
  return ActOnEach(invocation, ActOf(batches, fill), NamesOf(batches));
}

}  // namespace dataip::client
