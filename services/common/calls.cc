#include "services/common/calls.h"

#include <grpcpp/server_builder.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_interceptor.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/status.h"
#include "core/base/limits.h"
#include "services/common/error.h"
#include "services/common/line_budget.h"
#include "services/common/logging.h"

namespace dataip::services {
namespace {

using Clock = std::chrono::steady_clock;
using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;
using grpc::experimental::ServerRpcInfo;

constexpr char kRequestIdKey[] = "x-request-id";

constexpr std::array<const char*, 17> kCodes = {"OK",
                                                "Canceled",
                                                "Unknown",
                                                "InvalidArgument",
                                                "DeadlineExceeded",
                                                "NotFound",
                                                "AlreadyExists",
                                                "PermissionDenied",
                                                "ResourceExhausted",
                                                "FailedPrecondition",
                                                "Aborted",
                                                "OutOfRange",
                                                "Unimplemented",
                                                "Internal",
                                                "Unavailable",
                                                "DataLoss",
                                                "Unauthenticated"};

const char* NameOf(grpc::StatusCode code) {
  const auto at = static_cast<size_t>(code);
  return at < kCodes.size() ? kCodes[at] : "Unknown";
}

const char* NameOf(ServerRpcInfo::Type type) {
  switch (type) {
    case ServerRpcInfo::Type::UNARY:
      return "unary";
    case ServerRpcInfo::Type::CLIENT_STREAMING:
      return "client_stream";
    case ServerRpcInfo::Type::SERVER_STREAMING:
      return "server_stream";
    case ServerRpcInfo::Type::BIDI_STREAMING:
      return "bidi_stream";
  }
  return "unary";
}

// Empty when there is none, or none that a log line may have.
std::string CallersRequestId(
    const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
  const auto found = metadata.find(kRequestIdKey);
  if (found == metadata.end()) return "";
  const grpc::string_ref id = found->second;
  if (id.size() > limits::kRequestIdBytes) return "";
  for (const char c : id) {
    if (c < 0x21 || c > 0x7e) return "";
  }
  return {id.data(), id.size()};
}

Severity SeverityOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::DATA_LOSS:
    case grpc::StatusCode::UNKNOWN:
      return Severity::kError;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
      return Severity::kWarning;
    default:
      return Severity::kInfo;
  }
}

// gRPC's own is INTERNAL or UNIMPLEMENTED without a word, as if it were our
// fault.
grpc::Status MalformedRequest() {
  return client::ToGrpcStatus(MakeStatus(
      rpc::v1::MALFORMED,
      {"the request is no message of this method: broken protobuf, or text "
       "that is not UTF-8; encode it by the .proto files of this version",
       "请求不是该方法的消息：protobuf 编码损坏，或文本不是 "
       "UTF-8；请按本版本的 "
       ".proto 文件编码"}));
}

// What is measured of one method.
struct Method {
  Metrics* metrics = nullptr;
  MetricLabels labels;
  Counter& started;
  Counter& received;
  Counter& sent;
  Histogram& seconds;

  Method(Metrics& all, MetricLabels of)
      : metrics(&all),
        labels(std::move(of)),
        started(all.AddCounter(
            {"grpc_server_started_total", "RPCs that began on the server."},
            labels)),
        received(all.AddCounter({"grpc_server_msg_received_total",
                                 "RPC messages received by the server."},
                                labels)),
        sent(all.AddCounter(
            {"grpc_server_msg_sent_total", "RPC messages sent by the server."},
            labels)),
        seconds(all.AddHistogram(
            {"grpc_server_handling_seconds",
             "Time from the beginning of an RPC to its status."},
            kSecondsBounds, labels)) {}

  void Handled(grpc::StatusCode code) const {
    const auto at = static_cast<size_t>(code);
    if (at >= handled.size()) return Resolve(code).Add();
    Counter* counter = handled[at].load(std::memory_order_acquire);
    if (counter == nullptr) {
      counter = &Resolve(code);
      handled[at].store(counter, std::memory_order_release);
    }
    counter->Add();
  }

  Counter& Resolve(grpc::StatusCode code) const {
    MetricLabels with_code = labels;
    with_code.emplace_back("grpc_code", NameOf(code));
    return metrics->AddCounter({"grpc_server_handled_total",
                                "RPCs that ended on the server, by status."},
                               with_code);
  }

  // By status code; null until the first of it, so that only codes that
  // occurred are shown.
  mutable std::array<std::atomic<Counter*>, kCodes.size()> handled{};
};

// Thread safe. Methods are those that are registered: few.
class Methods {
 public:
  explicit Methods(Metrics& metrics) : metrics_(metrics) {}

  const Method& Of(const ServerRpcInfo& info) {
    base::MutexLock lock(mutex_);
    auto found = methods_.find(info.method());
    if (found == methods_.end()) {
      const std::string path = info.method();  // "/service/method"
      const size_t slash = path.rfind('/');
      found = methods_
                  .try_emplace(
                      path, metrics_,
                      MetricLabels{{"grpc_type", NameOf(info.type())},
                                   {"grpc_service", path.substr(1, slash - 1)},
                                   {"grpc_method", path.substr(slash + 1)}})
                  .first;
    }
    return found->second;
  }

 private:
  Metrics& metrics_;
  base::Mutex mutex_;
  std::map<std::string, Method, std::less<>> methods_ DATAIP_GUARDED_BY(mutex_);
};

}  // namespace

std::string RequestIdOf(grpc::CallbackServerContext& context) {
  std::string id = CallersRequestId(context.client_metadata());
  if (!id.empty()) return id;
  id = NewRequestId();
  context.AddTrailingMetadata(kRequestIdKey, id);
  return id;
}

// Lives as long as its call.
class Call final : public grpc::experimental::Interceptor {
 public:
  Call(std::shared_ptr<Calls> calls, std::shared_ptr<LineBudget> lines,
       const Method* method, ServerRpcInfo& info)
      : calls_(std::move(calls)),
        lines_(std::move(lines)),
        method_(method),
        info_(info) {
    calls_->Begin();
    if (method_ != nullptr) method_->started.Add();
  }
  ~Call() override {
    // Cut off before it had a status.
    if (!ended_) Measure(grpc::StatusCode::CANCELLED);
    calls_->End();
  }

  void Intercept(InterceptorBatchMethods* batch) override {
    if (method_ != nullptr) CountMessages(*batch);
    if (batch->QueryInterceptionHookPoint(
            InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) {
      KeepRequestId(*batch);
    }
    if (batch->QueryInterceptionHookPoint(
            InterceptionHookPoints::POST_RECV_MESSAGE)) {
      KeepWhetherMalformed(*batch);
    }
    if (batch->QueryInterceptionHookPoint(
            InterceptionHookPoints::PRE_SEND_STATUS)) {
      End(*batch);
    }
    batch->Proceed();
  }

 private:
  void CountMessages(InterceptorBatchMethods& batch) const {
    if (batch.QueryInterceptionHookPoint(
            InterceptionHookPoints::POST_RECV_MESSAGE) &&
        batch.GetRecvMessage() != nullptr) {
      method_->received.Add();
    }
    if (batch.QueryInterceptionHookPoint(
            InterceptionHookPoints::PRE_SEND_MESSAGE)) {
      method_->sent.Add();
    }
  }

  // A stream of requests ends at one that is malformed as at its true end.
  void KeepWhetherMalformed(InterceptorBatchMethods& batch) {
    const bool has_one_request =
        info_.type() == ServerRpcInfo::Type::UNARY ||
        info_.type() == ServerRpcInfo::Type::SERVER_STREAMING;
    malformed_ = has_one_request && batch.GetRecvMessage() == nullptr;
  }

  void KeepRequestId(InterceptorBatchMethods& batch) {
    const auto* metadata = batch.GetRecvInitialMetadata();
    if (metadata != nullptr) request_id_ = CallersRequestId(*metadata);
  }

  void End(InterceptorBatchMethods& batch) {
    ended_ = true;
    if (malformed_) batch.ModifySendStatus(MalformedRequest());
    const grpc::Status status = batch.GetSendStatus();
    Measure(status.error_code());
    // Who cancels knows it.
    if (status.ok() || status.error_code() == grpc::StatusCode::CANCELLED) {
      return;
    }
    SendRequestId(batch);
    const std::optional<uint64_t> left_out = lines_->Take();
    if (!left_out.has_value()) return;
    Log(SeverityOf(status.error_code()), "call failed",
        {{"request_id", request_id_},
         {"method", info_.method()},
         {"peer", info_.server_context()->peer()},
         {"code", NameOf(status.error_code())},
         {"error", status.error_message()},
         {"lines_left_out", std::to_string(*left_out)}});
  }

  // RequestIdOf may have made one and said so.
  void SendRequestId(InterceptorBatchMethods& batch) {
    auto* trailing = batch.GetSendTrailingMetadata();
    if (trailing != nullptr) {
      const auto made = trailing->find(kRequestIdKey);
      if (made != trailing->end()) {
        request_id_ = made->second;
        return;
      }
    }
    if (request_id_.empty()) request_id_ = NewRequestId();
    if (trailing != nullptr) trailing->emplace(kRequestIdKey, request_id_);
  }

  void Measure(grpc::StatusCode code) const {
    if (method_ == nullptr) return;
    const std::chrono::duration<double> taken = Clock::now() - begun_;
    method_->seconds.Observe(taken.count());
    method_->Handled(code);
  }

  const std::shared_ptr<Calls> calls_;
  const std::shared_ptr<LineBudget> lines_;
  const Method* const method_;  // none without metrics
  ServerRpcInfo& info_;
  const Clock::time_point begun_ = Clock::now();
  std::string request_id_;
  bool ended_ = false;
  bool malformed_ = false;
};

namespace {

class CallFactory final
    : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  CallFactory(std::shared_ptr<Calls> calls, Metrics* metrics)
      : calls_(std::move(calls)),
        methods_(metrics == nullptr ? nullptr
                                    : std::make_unique<Methods>(*metrics)) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      ServerRpcInfo* info) override {
    return new Call(calls_, lines_,
                    methods_ == nullptr ? nullptr : &methods_->Of(*info),
                    *info);
  }

 private:
  const std::shared_ptr<Calls> calls_;
  const std::shared_ptr<LineBudget> lines_ = std::make_shared<LineBudget>(
      limits::kLogLinesPerSecond, std::chrono::seconds(1));
  const std::unique_ptr<Methods> methods_;
};

}  // namespace

std::shared_ptr<Calls> Calls::Watch(grpc::ServerBuilder& builder,
                                    Metrics* metrics) {
  auto calls = std::make_shared<Calls>();
  std::vector<
      std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>>
      factories;
  factories.push_back(std::make_unique<CallFactory>(calls, metrics));
  builder.experimental().SetInterceptorCreators(std::move(factories));
  return calls;
}

void Calls::AwaitNone(std::chrono::steady_clock::time_point until) {
  base::MutexLock lock(mutex_);
  while (count_ > 0 && none_.WaitUntil(mutex_, until)) {
  }
}

void Calls::Begin() {
  base::MutexLock lock(mutex_);
  ++count_;
}

void Calls::End() {
  base::MutexLock lock(mutex_);
  if (--count_ == 0) none_.NotifyAll();
}

}  // namespace dataip::services
