# opencv4nodejs with the parts of OpenCV that frames, images and drawing need. The package's own list has all parts: it
# takes four times as long to compile, and its addon loads some fifty libraries.
{
    "targets": [
        {
            "target_name": "opencv4nodejs",
            "sources": [
                "cc/opencv4nodejs.cc",
                "cc/CustomMatAllocator.cc",
                "cc/ExternalMemTracking.cc",
                "<!@(ls cc/core/*.cc cc/highgui/*.cc cc/imgproc/*.cc cc/io/*.cc)",
            ],
            "include_dirs": [
                # Before OpenCV's own: its list of parts is replaced.
                "<(parts)",
                "<!@(pkg-config --cflags-only-I opencv4 | sed 's/-I//g')",
                "cc",
                "cc/core",
                "cc/native-node-utils",
                "<!(node -e \"require('nan')\")",
            ],
            "libraries": [
                "<!@(pkg-config --libs-only-L opencv4)",
                "-lopencv_core",
                "-lopencv_highgui",
                "-lopencv_imgcodecs",
                "-lopencv_imgproc",
                "-lopencv_videoio",
            ],
            # Glue, with nothing in it to make faster.
            "cflags_cc": ["-std=c++17", "-w", "-O1"],
            "cflags_cc!": ["-std=gnu++17", "-fno-rtti", "-fno-exceptions"],
        }
    ]
}
