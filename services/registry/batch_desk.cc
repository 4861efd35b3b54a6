#include "services/registry/batch_desk.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "dataip/ledger/v1/ledger.pb.h"
#include "services/common/error.h"
#include "services/registry/refusals.h"

namespace dataip::registryd {
namespace {

absl::Status NotForThisReader() {
  return services::MakeStatus(
      rpc::v1::NOT_FOR_THIS_READER,
      {"a batch is for officers, and for parties with a part in every "
       "application of it; ask for the certificates one by one",
       "批次仅供登记机构，以及参与其中每一件申请的主体查看；请逐件查询证书"});
}

bool SeesEach(const Caller& caller, const registry::State& state,
              const v1::BatchDecided& batch) {
  if (SeesAll(caller, state)) return true;
  const auto& numbers = batch.application_nos();
  return std::all_of(
      numbers.begin(), numbers.end(), [&](const std::string& number) {
        const auto* found = registry::FindApplication(state, number);
        return found != nullptr && SeesApplication(caller, state, *found);
      });
}

}  // namespace

absl::StatusOr<BatchDesk::Found> BatchDesk::Find(
    const Caller& caller, const std::string& batch_no) const {
  Found found;
  ASSIGN_OR_RETURN(const auto steps,
                   parts_.acknowledged.With([&](const registry::State&) {
                     return parts_.acknowledged.projection().History(
                         absl::StrCat("batches/", batch_no));
                   }));
  if (steps.empty()) return NoSuch("batch", "批次", batch_no);
  found.place.index = steps.front().step.index();
  ASSIGN_OR_RETURN(auto entry, parts_.ledger.GetEntry(found.place.index, true));
  ASSIGN_OR_RETURN(const Decided decided, parts_.acknowledged.DecidedAt(entry));
  found.place.header = std::move(*entry.mutable_header());
  const auto& events = decided.transition.events();
  if (events.empty() || !events[0].has_batch_decided()) {
    return absl::DataLossError("the batch's entry decides none");
  }
  const v1::BatchDecided& batch = events[0].batch_decided();
  const bool sees = parts_.acknowledged.WithIndex(
      [&](const registry::State& state, uint64_t last_index) {
        *found.response.mutable_position() =
            parts_.reads.PositionAt(last_index);
        return SeesEach(caller, state, batch);
      });
  if (!sees) return NotForThisReader();
  found.response.set_batch_no(batch.batch_no());
  *found.response.mutable_application_nos() = batch.application_nos();
  for (const v1::Event& event : events) {
    if (!event.has_application_registered()) continue;
    found.response.add_certificate_numbers(
        event.application_registered().certificate_number());
  }
  return found;
}

void BatchDesk::Get(const Caller& caller, const std::string& batch_no,
                    Answer answer) const {
  const bool taken = parts_.workers.Run([this, caller, batch_no, answer] {
    auto found = Find(caller, batch_no);
    if (!found.ok()) return answer(found.status());
    parts_.receipts.Await(std::move(found->place),
                          [answer, response = std::move(found->response)](
                              v1::Receipt receipt) mutable {
                            *response.mutable_receipt() = std::move(receipt);
                            answer(std::move(response));
                          });
  });
  if (!taken) answer(Overloaded());
}

}  // namespace dataip::registryd
