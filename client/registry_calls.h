// What every call of a RegistryClient shares: deadline, repeating, pages. For
// registry_client.cc and registry_cases.cc.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/registry_client.h"
#include "client/status.h"
#include "core/base/limits.h"
#include "core/base/status_macros.h"
#include "dataip/registry/v1/registry_service.grpc.pb.h"

namespace dataip::client {

struct RegistryClient::State {
  using milliseconds = std::chrono::milliseconds;
  using Clock = std::chrono::system_clock;

  static constexpr milliseconds kFirstPause{50};
  static constexpr milliseconds kLongestPause{1'000};
  static constexpr int32_t kPageLines =
      static_cast<int32_t>(limits::kListPageLines);

  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<registry::v1::RegistryService::Stub> stub;
  milliseconds timeout{0};
  // A server has answered once: it may come back, so waiting makes sense.
  std::atomic<bool> answered{false};

  absl::Status StatusOf(const grpc::Status& from) {
    absl::Status status = FromGrpcStatus(from);
    const bool connected = channel->GetState(false) == GRPC_CHANNEL_READY;
    if (absl::IsDeadlineExceeded(status) && !connected) {
      return absl::UnavailableError(
          "没有服务器应答 (no server answered in time)");
    }
    if (connected || ErrorDetailOf(status).has_value()) answered = true;
    return status;
  }

  // Whether the same bytes may be sent again: the outcome is unknown, or the
  // registry was not ready to decide.
  bool IsWorthRepeating(const absl::Status& status) const {
    switch (ReasonOf(status)) {
      case rpc::v1::FENCED:
      case rpc::v1::OVERLOADED:
      case rpc::v1::NOT_SERVING:
        return true;
      case rpc::v1::REASON_UNSPECIFIED:
        // A server that stops cancels the calls that it has not started; we
        // cancel none.
        return (absl::IsUnavailable(status) || absl::IsCancelled(status)) &&
               answered.load();
      default:
        return false;
    }
  }

  // Waits before the call is repeated; false when the time is over.
  bool Pause(const absl::Status& status, milliseconds& pause,
             Clock::time_point deadline) {
    const auto detail = ErrorDetailOf(status);
    if (!detail.has_value()) {
      return channel->WaitForConnected(deadline);
    }
    const milliseconds wanted =
        std::max(pause, milliseconds(detail->retry_after_ms()));
    pause = std::min(pause * 2, kLongestPause);
    if (Clock::now() + wanted >= deadline) return false;
    std::this_thread::sleep_for(wanted);
    return true;
  }

  // Runs `call` until it succeeds, is refused, or the timeout is over.
  absl::Status Run(
      const std::function<grpc::Status(grpc::ClientContext&)>& call) {
    const Clock::time_point deadline = Clock::now() + timeout;
    milliseconds pause = kFirstPause;
    while (true) {
      grpc::ClientContext context;
      context.set_deadline(deadline);
      const grpc::Status answer = call(context);
      if (answer.ok()) {
        answered = true;
        return absl::OkStatus();
      }
      absl::Status status = StatusOf(answer);
      if (!IsWorthRepeating(status)) return status;
      if (!Pause(status, pause, deadline)) return status;
    }
  }

  template <typename Request, typename Response>
  using Method = grpc::Status (registry::v1::RegistryService::Stub::*)(
      grpc::ClientContext*, const Request&, Response*);

  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(Method<Request, Response> method,
                                const Request& request) {
    Response response;
    RETURN_IF_ERROR(Run([&](grpc::ClientContext& context) {
      response.Clear();
      return (stub.get()->*method)(&context, request, &response);
    }));
    return response;
  }

  // Every page of a list; `lines` is the response's list field.
  template <typename Line, typename Request, typename Response>
  absl::StatusOr<std::vector<Line>> List(
      Method<Request, Response> method, Request request,
      google::protobuf::RepeatedPtrField<Line>* (Response::*lines)()) {
    if (request.page_size() == 0) request.set_page_size(kPageLines);
    std::vector<Line> all;
    do {
      ASSIGN_OR_RETURN(Response page, Call(method, request));
      for (Line& line : *(page.*lines)()) all.push_back(std::move(line));
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }
};

}  // namespace dataip::client
