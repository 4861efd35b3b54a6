// Many commands of one run, 16 in flight, each answered for itself.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/exit_codes.h"
#include "client/cli/invocation.h"
#include "client/in_flight.h"
#include "dataip/registry/v1/registry_service.pb.h"

namespace dataip::client {

// Exit code of several outcomes: 0 when all are; when no server answered, 7;
// when some are good and some not, 5; else the worst.
ExitCode CodeOfBatch(std::span<const ExitCode> codes);

struct BatchItem {
  std::string subject;  // what it is about, for reports
  absl::StatusOr<registry::v1::SubmitCommandResponse> response =
      absl::CancelledError("未处理 (not reached)");
};

// Runs `submit(i)` for every item and stores its answer; errors are reported
// on the way, in the form that -o asks for. After the server was lost, no
// further item is begun. With one in flight the answers follow the order.
ExitCode RunBatch(
    Invocation& invocation, std::vector<BatchItem>& items,
    const std::function<
        absl::StatusOr<registry::v1::SubmitCommandResponse>(size_t)>& submit,
    size_t in_flight = kCommandsInFlight);

// Prints what came of the items that were accepted: a row or an API message
// each, in their order. Without any: `[]`, or nothing in table form.
void PrintBatch(Invocation& invocation, const std::vector<BatchItem>& items);

// Outcome of a command in a few words: due day, certificate number, state.
std::string OutcomeText(const registry::v1::SubmitCommandResponse& response);

}  // namespace dataip::client
