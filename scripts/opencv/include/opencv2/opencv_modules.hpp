// In the place of OpenCV's own list of its parts: opencv4nodejs binds those that are named here.
#define HAVE_OPENCV_CORE
#define HAVE_OPENCV_HIGHGUI
#define HAVE_OPENCV_IMGCODECS
#define HAVE_OPENCV_IMGPROC
#define HAVE_OPENCV_VIDEOIO
