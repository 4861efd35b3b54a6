#include "core/base/system_error.h"

#include <cerrno>
#include <cstring>

namespace dataip::base {

std::string ChineseOf(int error) {
  switch (error) {
    case ENOENT:
      return "文件不存在";
    case EACCES:
    case EPERM:
      return "没有权限";
    case EISDIR:
      return "这是一个目录";
    case ENOTDIR:
      return "路径中有一段不是目录";
    case EEXIST:
      return "文件已存在";
    case EFBIG:
      return "文件过大";
    case EROFS:
      return "文件系统只读";
    case ENOSPC:
      return "磁盘已满";
    default:
      return std::strerror(error);
  }
}

}  // namespace dataip::base
